package io.usagestream.dev;

import io.usagestream.cli.CommandException;
import io.usagestream.cli.ExitStatus;
import io.usagestream.cli.Shutdown;
import io.usagestream.dev.broker.BrokerSettings;
import io.usagestream.dev.broker.EmbeddedKafka;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The embedded broker alone. */
@Command(
        name = "broker",
        description = "A real Kafka broker in this process, for consumers under development, until interrupted.")
final class BrokerCommand implements Callable<Integer> {
    @Option(
            names = "--port",
            paramLabel = "P",
            description = "where it listens, on 127.0.0.1; 0: any free port (default: ${DEFAULT-VALUE})")
    private int port = 9092;

    @Option(names = "--data", paramLabel = "DIR", description = "where its data stays between runs (default: nowhere)")
    private Optional<Path> folder = Optional.empty();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        BrokerSettings settings = BrokerSettings.SINGLE.onPort(port);
        EmbeddedKafka kafka = start(folder.map(settings::in).orElse(settings));
        Shutdown.onSignal(Duration.ofSeconds(15), () -> {
            kafka.close();
            return ExitStatus.OK;
        });
        PrintWriter out = spec.commandLine().getOut();
        out.println("Kafka listens on " + kafka.bootstrapServers() + ", until interrupted. Its data "
                + folder.map(path -> "is in " + path).orElse("goes when it ends; keep it with --data DIR") + ".");
        out.flush();
        try (kafka) {
            EmbeddedKafka.awaitGivingUp();
        }
        throw new CommandException(
                ExitStatus.FAILED,
                "the broker has given up; what it said before tells why, most often that the disk is full. "
                        + folder.map(path -> "Its data is in " + path + ": make room there and start it again")
                                .orElse("Make room and start it again"));
    }

    private EmbeddedKafka start(BrokerSettings settings) {
        try {
            return EmbeddedKafka.start(settings);
        } catch (RuntimeException e) {
            throw new CommandException(
                    ExitStatus.FAILED,
                    "the broker cannot start on 127.0.0.1:" + port + ": " + e.getMessage()
                            + "; choose another port with --port, another folder with --data");
        }
    }
}
