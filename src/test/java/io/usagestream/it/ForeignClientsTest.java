package io.usagestream.it;

import static io.usagestream.contract.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import io.usagestream.contract.Samples;
import io.usagestream.sink.Batch;
import io.usagestream.sink.LaneNumber;
import io.usagestream.sink.LaneSession;
import io.usagestream.sink.kafka.KafkaLaneLog;
import io.usagestream.sink.kafka.KafkaSettings;
import io.usagestream.sink.kafka.Topics;
import io.usagestream.stream.Entity;
import io.usagestream.stream.Event;
import io.usagestream.stream.Measure;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Split;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every topic, read and decoded by clients from another world: kafkajs with avsc, kafkajs with the registry's client. */
class ForeignClientsTest {
    private static final Path SCRIPTS = Path.of("src", "test", "node");
    private static final Path FOLDER = Path.of("target", "node");
    private static final Split SPLIT = Samples.split("acme", "completions");

    private final Vertx vertx = Vertx.vertx();
    private final KafkaSettings settings = SharedKafka.instance().settings(2);

    @BeforeAll
    static void install() throws IOException, InterruptedException {
        Files.createDirectories(FOLDER);
        for (String file : List.of("package.json", "package-lock.json", "read.mjs")) {
            Files.write(FOLDER.resolve(file), Files.readAllBytes(SCRIPTS.resolve(file)));
        }
        Path log = FOLDER.resolve("npm.log");
        String why = "npm ci failed, see " + log;
        try {
            Process npm = new ProcessBuilder("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
                    .directory(FOLDER.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            if (npm.waitFor() == 0) {
                return;
            }
        } catch (IOException e) {
            why = "there is no npm (Debian: apt-get install npm)";
        }
        String message = "OTHER PEOPLE'S CLIENTS ARE NOT TESTED: " + why;
        System.err.println(message);
        if ("true".equals(System.getenv("CI"))) {
            fail(message);
        }
        abort(message);
    }

    @BeforeEach
    void topics() {
        await(new Topics(vertx, settings, SharedKafka.topics()).prepare());
    }

    @AfterEach
    void stop() {
        await(vertx.close());
    }

    private static List<Publication> publications() {
        Measure cost = Measure.of(new BigDecimal("1.5"), Event.COST_UNIT);
        Entity entity = new Entity("model", "m1", Optional.of("Flux ü"), new TreeMap<>(Map.of("type", "lora")));
        return List.of(
                Samples.point(SPLIT, "m", 1),
                Samples.event(SPLIT, 0, Optional.of(cost)),
                Samples.progress(SPLIT),
                Samples.period(SPLIT),
                Samples.quarantined(SPLIT),
                new Publication.EntityChange(SPLIT, SPLIT.name() + "/model/m1", entity, Samples.NOW));
    }

    /** One committed record of each topic, one aborted point. */
    private void publish(KafkaSettings with) {
        try (Published stranger = new Published(settings)) {
            stranger.abort(Samples.point(SPLIT, "aborted", 1));
        }
        KafkaLaneLog log = new KafkaLaneLog(vertx, with);
        LaneSession session = await(log.open(LaneNumber.of(SPLIT.source(), 2), name -> true));
        Batch batch = new Batch(
                SPLIT,
                publications(),
                Samples.checkpoint(SPLIT, 1),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of());
        await(session.commit(List.of(batch)));
        await(session.close());
        await(log.close());
    }

    private Map<String, JsonObject> read(String... registry) throws IOException, InterruptedException {
        Path out = Files.createTempFile(FOLDER, "read-", ".jsonl");
        Path err = Files.createTempFile(FOLDER, "read-", ".err");
        ProcessBuilder builder = new ProcessBuilder(
                "node",
                "read.mjs",
                SharedKafka.instance().bootstrapServers(),
                settings.prefix(),
                Integer.toString(publications().size()),
                Path.of("avro").toAbsolutePath().toString());
        builder.command().addAll(List.of(registry));
        Process node = builder.directory(FOLDER.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        assertThat(node.waitFor(90, TimeUnit.SECONDS)).isTrue();
        assertThat(node.exitValue()).as(Files.readString(err)).isZero();
        Map<String, JsonObject> records = new TreeMap<>();
        for (String line : Files.readAllLines(out)) {
            JsonObject record = new JsonObject(line);
            assertThat(records.put(record.getString("topic"), record))
                    .as("a second record of %s", record)
                    .isNull();
        }
        return records;
    }

    private static void requireWhole(Map<String, JsonObject> records) {
        assertThat(records.keySet())
                .containsExactly("activity", "entities", "periods", "points", "progress", "quarantine");
        JsonObject point = record(records, "points");
        assertThat(point.getString("id")).isEqualTo(Samples.point(SPLIT, "m", 1).id());
        JsonObject whole = Objects.requireNonNull(records.get("points"));
        assertThat(whole.getString("key")).isEqualTo(point.getString("id"));
        JsonObject amount = point.getJsonObject("measures").getJsonObject("amount");
        assertThat(amount.getString("delta")).isEqualTo("12345678901234567890.123456789012345678");
        assertThat(amount.getString("unit")).isEqualTo("usd");
        JsonObject headers = whole.getJsonObject("headers");
        assertThat(headers.getString("ce_specversion")).isEqualTo("1.0");
        assertThat(headers.getString("ce_id")).isEqualTo(point.getString("id") + "#1");
        assertThat(record(records, "activity").getString("action")).isEqualTo("asset");
        assertThat(record(records, "entities").getString("name")).isEqualTo("Flux ü");
        assertThat(record(records, "progress").getString("state")).isEqualToIgnoringCase("degraded");
        assertThat(record(records, "periods").getInteger("revision")).isEqualTo(2);
        assertThat(record(records, "quarantine").getString("reason")).isEqualTo("bad_number");
    }

    private static JsonObject record(Map<String, JsonObject> records, String topic) {
        return Objects.requireNonNull(records.get(topic)).getJsonObject("record");
    }

    @Test
    void kafkajs_and_avsc_read_every_topic_without_a_registry() throws Exception {
        publish(settings);
        requireWhole(read());
    }

    @Test
    void kafkajs_and_the_registrys_client_read_every_topic() throws Exception {
        try (Apicurio registry = Apicurio.start()) {
            publish(new KafkaSettings(
                    settings.client(),
                    settings.prefix(),
                    2,
                    "",
                    Optional.of(new KafkaSettings.Registry(registry.url(), true)),
                    settings.limits()));
            requireWhole(read(registry.url().toString()));
        }
    }
}
