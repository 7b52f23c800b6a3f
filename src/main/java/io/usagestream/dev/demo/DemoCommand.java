package io.usagestream.dev.demo;

import io.usagestream.cli.CommandException;
import io.usagestream.cli.ExitStatus;
import io.usagestream.cli.Shutdown;
import io.usagestream.dev.upstream.fault.Fault;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows the main job on this machine, and proves it. */
@Command(
        name = "demo",
        description = {
            "Shows the main job on this machine and nothing else: a real Kafka broker, a simulated upstream, the service.",
            "With --for it stops then and audits: what upstream shows against what Kafka holds. Exit status 0: all equal."
        })
public final class DemoCommand implements Callable<Integer> {
    @Option(names = "--for", paramLabel = "DURATION", description = "stop after this (90s, 5m) and audit")
    private Optional<Duration> time = Optional.empty();

    @Option(
            names = "--accounts",
            paramLabel = "N",
            defaultValue = "1",
            description = "accounts of each provider (default: ${DEFAULT-VALUE})")
    private int accounts = 1;

    @Option(
            names = "--port",
            paramLabel = "P",
            defaultValue = "8080",
            description = "port of the console; 0: any free one (default: ${DEFAULT-VALUE})")
    private int port = 8080;

    @Option(
            names = "--faults",
            paramLabel = "LIST",
            defaultValue = "",
            description = "what upstream does wrong: all, or names with commas")
    private String faults = "";

    @Option(
            names = "--spike",
            paramLabel = "DURATION",
            description =
                    "plant a spike in the first account's completions so long after the start, for `anomalies` to find")
    private Optional<Duration> spike = Optional.empty();

    @Override
    public Integer call() throws InterruptedException {
        if (accounts < 1) {
            throw new CommandException(ExitStatus.CONFIGURATION, "--accounts must be at least 1, not " + accounts);
        }
        try (Demo demo = new Demo(accounts, port, faults(), System.out, System.console() != null)) {
            Shutdown.onSignal(Duration.ofSeconds(15), () -> {
                demo.close();
                return ExitStatus.OK;
            });
            spike.ifPresent(demo::plantSpike);
            demo.run(time);
            return demo.audit() ? ExitStatus.OK : ExitStatus.FAILED;
        }
    }

    private Set<Fault> faults() {
        try {
            return Fault.parse(faults);
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitStatus.CONFIGURATION, "--faults: " + e.getMessage());
        }
    }
}
