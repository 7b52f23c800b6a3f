package io.usagestream.cli;

import io.usagestream.config.Settings;
import io.usagestream.envelope.RecordType;
import io.usagestream.query.JsonLines;
import io.usagestream.query.LineFormat;
import io.usagestream.query.RegistrySchemas;
import io.usagestream.query.TableLines;
import io.usagestream.query.Tail;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Follows a topic and prints its records. */
@Command(
        name = "tail",
        description = "Follows a topic like tail -f: committed records, decoded, one line each, until interrupted.",
        footerHeading = "%nExample:%n",
        footer = "  usagestream tail points --config example.yaml --from-beginning -n 20 --format json")
final class TailCommand implements Callable<Integer> {
    /** How a record becomes a line. */
    enum Format {
        table,
        json
    }

    @Parameters(
            paramLabel = "TOPIC",
            description = "activity, points, progress, periods, entities or quarantine, with or without the prefix")
    private String topic = "";

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Option(
            names = "--from-beginning",
            description = "begin with the oldest record that is kept, not with the next one")
    private boolean fromBeginning;

    @Option(names = "-n", paramLabel = "N", description = "stop after N records")
    private Optional<Long> most = Optional.empty();

    @Option(names = "--format", paramLabel = "table|json", description = "how lines look (default: ${DEFAULT-VALUE})")
    private Format format = Format.table;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        if (most.isPresent() && most.get() < 1) {
            throw new CommandException(ExitStatus.CONFIGURATION, "-n must be at least 1, not " + most.get());
        }
        Settings settings = config.readForTopics();
        String prefix = settings.topics().prefix();
        RecordType type = type(prefix);
        Shutdown.onSignal(Duration.ofSeconds(2), () -> ExitStatus.OK);
        LineFormat lines = format == Format.json ? new JsonLines() : new TableLines();
        try (RegistrySchemas schemas = KafkaParts.schemas(settings)) {
            new Tail(type, prefix, lines, output(), schemas)
                    .follow(
                            settings.kafka().values(),
                            fromBeginning,
                            most.map(OptionalLong::of).orElse(OptionalLong.empty()));
        } catch (KafkaException e) {
            throw KafkaTrouble.of(settings, e);
        }
        return ExitStatus.OK;
    }

    private RecordType type(String prefix) {
        String suffix = topic.startsWith(prefix + ".") ? topic.substring(prefix.length() + 1) : topic;
        return RecordType.ofTopic(suffix)
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(),
                        "'" + topic + "' is not one of the topics: "
                                + Arrays.stream(RecordType.values())
                                        .map(RecordType::suffix)
                                        .collect(Collectors.joining(", "))));
    }

    private Tail.Output output() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        return new Tail.Output() {
            @Override
            public boolean line(String text) {
                out.println(text);
                return !out.checkError();
            }

            @Override
            public void note(String text) {
                err.println("usagestream: " + text);
            }
        };
    }
}
