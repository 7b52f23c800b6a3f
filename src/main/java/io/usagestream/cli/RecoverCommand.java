package io.usagestream.cli;

import io.usagestream.config.Settings;
import io.usagestream.sink.SinkException;
import io.usagestream.sink.kafka.GroupOwners;
import io.usagestream.sink.kafka.Topics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
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
    private static final long LIMIT_SECONDS = 60;

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        Settings settings = config.read();
        Shutdown.onSignal(Duration.ofSeconds(2), () -> ExitStatus.FAILED);
        PrintWriter err = spec.commandLine().getErr();
        Vertx vertx = Vertx.vertx();
        try {
            requireAlone(vertx, settings);
            Topics.Findings findings = await(
                    new Topics(vertx, KafkaParts.kafka(settings), KafkaParts.topics(settings)).prepareForRecovery());
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
            await(vertx.close());
        }
    }

    private static void requireAlone(Vertx vertx, Settings settings) throws Exception {
        GroupOwners group = new GroupOwners(vertx, KafkaParts.kafka(settings));
        Map<Integer, String> owners = await(group.ask().eventually(group::close));
        if (!owners.isEmpty()) {
            throw new CommandException(
                    ExitStatus.FAILED,
                    "instances are running (" + String.join(", ", new TreeSet<>(owners.values()))
                            + "): stop them first");
        }
    }

    private static <T> T await(Future<T> future) throws Exception {
        try {
            return future.toCompletionStage().toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : e;
        }
    }
}
