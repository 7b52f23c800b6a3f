package io.usagestream.cli;

import static io.usagestream.stream.Grain.DAY;
import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.contract.Waiting;
import io.usagestream.envelope.RecordType;
import io.usagestream.envelope.WireFormat;
import io.usagestream.it.Published;
import io.usagestream.it.SharedKafka;
import io.usagestream.query.Rows;
import io.usagestream.sink.kafka.KafkaSettings;
import io.usagestream.sink.kafka.Topics;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Records whose schemas are in a registry, read by somebody who did not say where that is. */
class UnknownSchemaTest {
    @TempDir
    Path folder;

    private final Vertx vertx = Vertx.vertx();
    private final KafkaSettings kafka = SharedKafka.instance().settings(1);
    private final StringWriter err = new StringWriter();

    private int execute(String... line) {
        CommandLine commands = Main.commandLine();
        commands.setOut(new PrintWriter(new StringWriter()));
        commands.setErr(new PrintWriter(err, true));
        return commands.execute(line);
    }

    private void publish() throws Exception {
        Waiting.await(new Topics(vertx, kafka, SharedKafka.topics()).prepare());
        Waiting.await(vertx.close());
        WireFormat confluent = new WireFormat.Confluent(
                Arrays.stream(RecordType.values()).collect(Collectors.toMap(type -> type, type -> 4711)));
        try (Published published = new Published(kafka, confluent)) {
            published.commit(new Rows().row(Rows.COSTS, "2026-11-05T00:00:00Z", DAY, "line_item=a", "amount=1 usd"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "usage --start-date 2026-11-01 --end-date 2026-11-30 --config",
                "tail points --from-beginning -n 1 --config"
            })
    void theSettingThatIsMissingIsNamed(String line) throws Exception {
        publish();
        Path file = Files.writeString(folder.resolve("config.yaml"), """
                kafka: {bootstrap.servers: "%s"}
                topics: {prefix: %s}
                sources: [{name: acme, provider: openai, admin-key: k}]
                """.formatted(
                        SharedKafka.instance().bootstrapServers(), kafka.prefix()));

        assertThat(execute((line + " " + file).split(" "))).isEqualTo(ExitStatus.FAILED);

        assertThat(err.toString())
                .startsWith("usagestream: a record cannot be read: ")
                .contains("set schema-registry.url")
                .doesNotContain("unexpectedly", "Exception");
    }

    @Test
    void theOptionOfAReferenceConsumerIsNamed() throws Exception {
        publish();

        int status = execute(
                "ledger",
                "--bootstrap-servers",
                SharedKafka.instance().bootstrapServers(),
                "--prefix",
                kafka.prefix(),
                "--once");

        assertThat(status).isEqualTo(ExitStatus.FAILED);
        assertThat(err.toString()).contains("--schema-registry").doesNotContain("unexpectedly");
    }
}
