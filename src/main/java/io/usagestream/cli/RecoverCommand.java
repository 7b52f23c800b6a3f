package io.usagestream.cli;

import io.usagestream.config.Settings;
import io.usagestream.sink.SinkException;
import io.usagestream.sink.kafka.GroupOwners;
import io.usagestream.sink.kafka.Topics;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Rebuilds the checkpoints from the data topics. */
@Command(
        name = "recover",
        description = {
            "Rebuilds the state in the checkpoints topic from the data topics, after that topic was deleted or emptied. Nothing else"
                    + " may be running.",
            "State that is there is left as it is: to run it without need changes nothing. What was published is not published"
                    + " again afterwards."
        },
        footerHeading = "%nExample:%n",
        footer = "  usagestream recover --config example.yaml")
final class RecoverCommand implements Callable<Integer> {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        Settings settings = config.read();
        Shutdown.onSignal(Duration.ofSeconds(2), () -> ExitStatus.FAILED);
        PrintWriter err = spec.commandLine().getErr();
        Vertx vertx = Vertx.vertx();
        try {
            requireAlone(vertx, settings);
            Topics.Findings findings = Waiting.forIt(
                    new Topics(vertx, KafkaParts.kafka(settings), KafkaParts.topics(settings)).prepareForRecovery(),
                    LIMIT);
            if (findings.refused()) {
                throw new CommandException(
                        ExitStatus.CONFIGURATION,
                        findings.problems().stream()
                                .map(problem -> problem.what() + ": " + problem.remedy())
                                .collect(Collectors.joining(
                                        "\n  ", "Kafka's topics cannot be used as they are:\n  ", "")));
            }
            return new StateRecovery(vertx, settings, err).run();
        } catch (SinkException | KafkaException e) {
            throw KafkaTrouble.of(settings, e);
        } finally {
            Waiting.forIt(vertx.close(), LIMIT);
        }
    }

    private static void requireAlone(Vertx vertx, Settings settings) throws InterruptedException {
        GroupOwners group = new GroupOwners(vertx, KafkaParts.kafka(settings));
        Map<Integer, String> owners = Waiting.forIt(group.ask().eventually(group::close), LIMIT);
        if (!owners.isEmpty()) {
            throw new CommandException(
                    ExitStatus.FAILED,
                    "instances are running (" + String.join(", ", new TreeSet<>(owners.values()))
                            + "): stop them first");
        }
    }
}
