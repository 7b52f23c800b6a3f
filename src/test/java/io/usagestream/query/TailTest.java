package io.usagestream.query;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.dev.broker.BrokerSettings;
import io.usagestream.dev.broker.EmbeddedKafka;
import io.usagestream.envelope.Envelope;
import io.usagestream.envelope.Message;
import io.usagestream.envelope.RecordType;
import io.usagestream.envelope.WireFormat;
import io.usagestream.stream.ByName;
import io.usagestream.stream.Finality;
import io.usagestream.stream.Grain;
import io.usagestream.stream.Measure;
import io.usagestream.stream.Measures;
import io.usagestream.stream.Publication.PointRevision;
import io.usagestream.stream.Split;
import io.usagestream.stream.Utf8;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tail against a real broker: what is committed shows, in both wire formats; what is aborted does not. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class TailTest {
    private static EmbeddedKafka kafka;

    private final List<String> lines = new ArrayList<>();
    private final List<String> notes = new CopyOnWriteArrayList<>();
    private final Tail.Output output = new Tail.Output() {
        @Override
        public boolean line(String text) {
            return lines.add(text);
        }

        @Override
        public void note(String text) {
            notes.add(text);
        }
    };

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.start(BrokerSettings.SINGLE.with("auto.create.topics.enable", "true"));
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @Test
    void committedRecordsShowInBothFormatsAndAbortedOnesDoNot() throws InterruptedException {
        WireFormat confluent = new WireFormat.Confluent(Map.of(
                RecordType.POINT,
                7,
                RecordType.ACTIVITY,
                1,
                RecordType.ENTITY,
                2,
                RecordType.PROGRESS,
                3,
                RecordType.PERIOD,
                4,
                RecordType.QUARANTINE,
                5));
        Message foreign = new Message(RecordType.POINT, new byte[0], "not avro".getBytes(UTF_8), List.of());
        try (KafkaProducer<byte[], byte[]> producer = producer("tail-formats")) {
            producer.initTransactions();
            send(producer, true, message(new WireFormat.SingleObject(), 1));
            send(producer, false, message(new WireFormat.SingleObject(), 99));
            send(producer, true, foreign);
            send(producer, true, message(confluent, 2));
        }

        new Tail(RecordType.POINT, "tail", new JsonLines(), output, id -> {
                    assertThat(id).isEqualTo(7);
                    return RecordType.POINT.schemaText();
                })
                .follow(Map.of("bootstrap.servers", kafka.bootstrapServers()), true, OptionalLong.of(2));

        assertThat(lines)
                .satisfiesExactly(
                        first -> assertThat(first)
                                .contains(
                                        "\"revision\":1,", "\"value\":\"12.5\"", "\"delta\":\"0.000000000000000001\""),
                        second -> assertThat(second)
                                .contains(
                                        "\"revision\":2,",
                                        "\"model\":null",
                                        "\"bucket_start\":\"2026-11-21T02:00:00Z\""));
        assertThat(notes)
                .filteredOn(note -> !note.startsWith("waiting"))
                .singleElement()
                .asString()
                .contains("skipped partition 0 offset ", "neither Avro's nor Confluent's mark");
    }

    @Test
    void aTableRowNamesDimensionsMeasuresAndChanges() throws InterruptedException {
        try (KafkaProducer<byte[], byte[]> producer = producer("tail-table")) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(record("table.points", message(new WireFormat.SingleObject(), 3)));
            producer.commitTransaction();
        }

        new Tail(RecordType.POINT, "table", new TableLines(), output, id -> "")
                .follow(Map.of("bootstrap.servers", kafka.bootstrapServers()), true, OptionalLong.of(1));

        assertThat(lines)
                .containsExactly(
                        "BUCKET                FOR   STREAM                       REV  STATUS       DIMENSIONS | MEASURES (CHANGE)",
                        "2026-11-21T02:00:00Z  1h    acme/completions               3  provisional  model=(null) project_id=p?1 |"
                                + " amount 12.5 usd (+0.000000000000000001)");
    }

    @Test
    void brokersThatDoNotAnswerAreNamedWithWhatIsSpokenToThem() throws Exception {
        String nobody = "127.0.0.1:1";
        Thread tail = new Thread(() -> {
            try {
                new Tail(RecordType.POINT, "tail", new JsonLines(), output, id -> "")
                        .follow(Map.of("bootstrap.servers", nobody), true, OptionalLong.of(1));
            } catch (InterruptedException | InterruptException e) {
                Thread.currentThread().interrupt();
            }
        });
        tail.start();
        try {
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> !notes.isEmpty());
            assertThat(notes)
                    .singleElement()
                    .asString()
                    .startsWith("waiting for Kafka at 127.0.0.1:1 in PLAINTEXT (see kafka.bootstrap.servers and"
                            + " kafka.security.protocol): ");
        } finally {
            tail.interrupt();
            tail.join();
        }
    }

    private static KafkaProducer<byte[], byte[]> producer(String id) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "transactional.id", id),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, boolean commit, Message message) {
        producer.beginTransaction();
        producer.send(record("tail.points", message));
        producer.flush();
        if (commit) {
            producer.commitTransaction();
        } else {
            producer.abortTransaction();
        }
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, Message message) {
        return new ProducerRecord<>(topic, 0, message.key(), message.value(), message.headers());
    }

    private static Message message(WireFormat format, int revision) {
        Instant start = Instant.parse("2026-11-21T02:00:00Z");
        return new Envelope(format)
                .encode(new PointRevision(
                        new Split("openai", "acme", "completions"),
                        Utf8.of("openai/acme/completions/1h/2026-11-21T02:00:00Z?model&project_id=p%0A1"),
                        revision,
                        start,
                        Grain.HOUR,
                        ByName.of(new TreeMap<>(Map.of("project_id", Optional.of("p\n1"), "model", Optional.empty()))),
                        Measures.of("amount", Measure.of(new BigDecimal("12.500"), "usd")),
                        ByName.of("amount", new BigDecimal("1E-18")),
                        Finality.PROVISIONAL,
                        false,
                        false,
                        start.plusSeconds(60)));
    }
}
