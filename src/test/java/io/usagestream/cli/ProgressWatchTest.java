package io.usagestream.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.usagestream.config.KafkaProperties;
import io.usagestream.config.Settings;
import io.usagestream.contract.Samples;
import io.usagestream.contract.Waiting;
import io.usagestream.envelope.Envelope;
import io.usagestream.envelope.RecordType;
import io.usagestream.envelope.SchemaIds;
import io.usagestream.envelope.SchemaRegistry;
import io.usagestream.envelope.WireFormat;
import io.usagestream.ingest.CatchUp;
import io.usagestream.it.Published;
import io.usagestream.it.SharedKafka;
import io.usagestream.it.SmallRegistry;
import io.usagestream.sink.kafka.KafkaSettings;
import io.usagestream.sink.kafka.Topics;
import io.usagestream.stream.Publication.Progress;
import io.usagestream.stream.Split;
import io.usagestream.stream.SplitState;
import io.vertx.core.Vertx;
import io.vertx.ext.web.client.WebClient;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Splits of another owner are waited for by what it publishes. */
class ProgressWatchTest {
    private static final Instant BEGAN = Instant.parse("2026-11-21T12:00:00Z");
    private static final Split SPLIT = Samples.split("acme", "costs");

    private final Vertx vertx = Vertx.vertx();
    private final KafkaSettings kafka = SharedKafka.instance().settings(1);
    private final CatchUp catchUp = new CatchUp(List.of(SPLIT), BEGAN);
    private final SmallRegistry registry = new SmallRegistry(vertx, 0);

    @BeforeEach
    void topics() {
        Waiting.await(new Topics(vertx, kafka, SharedKafka.topics()).prepare());
    }

    @AfterEach
    void stop() {
        registry.close();
        Waiting.await(vertx.close());
    }

    private Settings settings(Optional<URI> url) {
        return new Settings(
                new KafkaProperties(
                        Map.of("bootstrap.servers", SharedKafka.instance().bootstrapServers())),
                new Settings.Topics(kafka.prefix(), false, 1, -1, -1, -1, Optional.empty()),
                Settings.OldTransactions.WARN,
                "",
                new Settings.Rescan(Duration.ZERO, Duration.ZERO, Duration.ofDays(7)),
                url.map(one -> new Settings.Registry(one, false)),
                Optional.empty(),
                new Settings.Http("127.0.0.1", 0, Optional.empty()),
                List.of());
    }

    private WireFormat confluent() {
        SchemaRegistry client = new SchemaRegistry(WebClient.create(vertx), registry.url(), Duration.ofSeconds(5));
        return new WireFormat.Confluent(
                Waiting.await(SchemaIds.register(client, kafka.prefix())).ids());
    }

    private static Progress swept() {
        return new Progress(
                SPLIT,
                SplitState.RUNNING,
                Optional.empty(),
                BEGAN,
                BEGAN,
                Optional.of(BEGAN),
                Optional.of(BEGAN),
                Duration.ofHours(48),
                Optional.empty(),
                BEGAN.plusSeconds(1));
    }

    private void assertCaughtUp() {
        await().atMost(20, SECONDS).until(() -> catchUp.done().isComplete());
        assertThat(catchUp.done().result()).containsExactly(Map.entry(SPLIT.name(), Optional.empty()));
    }

    @Test
    void progress_that_names_a_schema_of_the_registry_is_understood() {
        try (Published other = new Published(kafka, confluent())) {
            other.commit(swept());
        }
        new ProgressWatch(settings(Optional.of(registry.url())), catchUp).start();
        assertCaughtUp();
    }

    @Test
    void a_registry_that_is_down_for_a_while_is_waited_for() {
        URI url = registry.url();
        try (Published other = new Published(kafka, confluent())) {
            other.commit(swept());
        }
        registry.answerAll(503);
        new ProgressWatch(settings(Optional.of(url)), catchUp).start();
        await().atMost(20, SECONDS)
                .until(() -> registry.requests().stream().anyMatch(request -> request.startsWith("GET /schemas/ids/")));
        assertThat(catchUp.done().isComplete()).isFalse();
        registry.answerAsItIs();
        assertCaughtUp();
    }

    @Test
    void what_says_nothing_is_passed_over() {
        byte[] key = SPLIT.name().getBytes(UTF_8);
        var headers =
                new Envelope(new WireFormat.SingleObject()).encode(swept()).headers();
        try (Published other = new Published(kafka)) {
            other.commitRaw(RecordType.PROGRESS, key, null, headers);
            other.commitRaw(RecordType.PROGRESS, key, "not Avro".getBytes(UTF_8), headers);
            other.commit(swept());
        }
        new ProgressWatch(settings(Optional.empty()), catchUp).start();
        assertCaughtUp();
    }
}
