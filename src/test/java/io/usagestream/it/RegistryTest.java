package io.usagestream.it;

import static io.usagestream.contract.Samples.batch;
import static io.usagestream.contract.Samples.checkpoint;
import static io.usagestream.contract.Waiting.await;
import static io.usagestream.contract.Waiting.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.contract.Samples;
import io.usagestream.envelope.RecordType;
import io.usagestream.sink.Batch;
import io.usagestream.sink.LaneNumber;
import io.usagestream.sink.LaneSession;
import io.usagestream.sink.SinkFailure;
import io.usagestream.sink.kafka.KafkaLaneLog;
import io.usagestream.sink.kafka.KafkaSettings;
import io.usagestream.sink.kafka.Topics;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Split;
import io.usagestream.stream.Window;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RegistryTest {
    private static final Split SPLIT = Samples.split("acme", "completions");
    private static final Window WINDOW = new Window(Samples.START, Samples.NOW);

    private final Vertx vertx = Vertx.vertx();
    private final KafkaSettings base = SharedKafka.instance().settings(2);
    private final int lane = LaneNumber.of(SPLIT.source(), 2);
    private SmallRegistry registry = new SmallRegistry(vertx, 0);

    @BeforeEach
    void topics() {
        await(new Topics(vertx, base, SharedKafka.topics()).prepare());
    }

    @AfterEach
    void stop() {
        registry.close();
        await(vertx.close());
    }

    private KafkaLaneLog log(boolean autoRegister) {
        return new KafkaLaneLog(
                vertx,
                new KafkaSettings(
                        base.client(),
                        base.prefix(),
                        2,
                        "",
                        Optional.of(new KafkaSettings.Registry(registry.url(), autoRegister)),
                        base.limits()));
    }

    private void commitOne(KafkaLaneLog log, int revision) {
        LaneSession session = await(log.open(lane, name -> true));
        await(session.commit(List.of(batch(SPLIT, revision, "m"))));
        await(session.close());
    }

    private List<ConsumerRecord<byte[], byte[]>> points() {
        return new CommittedRecords(base).of("points");
    }

    @Test
    void records_are_in_confluents_format_and_decode_with_the_registered_schema() throws Exception {
        KafkaLaneLog log = log(true);
        commitOne(log, 1);
        await(log.close());
        assertThat(registry.requests())
                .containsExactlyInAnyOrder(
                        "POST /subjects/" + base.prefix() + ".activity-value/versions",
                        "POST /subjects/" + base.prefix() + ".points-value/versions",
                        "POST /subjects/" + base.prefix() + ".entities-value/versions",
                        "POST /subjects/" + base.prefix() + ".progress-value/versions",
                        "POST /subjects/" + base.prefix() + ".periods-value/versions",
                        "POST /subjects/" + base.prefix() + ".quarantine-value/versions");
        ByteBuffer value = ByteBuffer.wrap(points().get(0).value());
        assertThat(value.get()).isZero();
        Schema schema = registry.schema(value.getInt());
        GenericRecord record = new GenericDatumReader<GenericRecord>(schema)
                .read(
                        null,
                        DecoderFactory.get().binaryDecoder(value.array(), value.position(), value.remaining(), null));
        assertThat(record.get("id")).hasToString(Samples.point(SPLIT, "m", 1).id());
    }

    @Test
    void with_kept_ids_a_restart_publishes_while_the_registry_is_down() {
        KafkaLaneLog first = log(true);
        commitOne(first, 1);
        await(first.close());
        registry.close();

        KafkaLaneLog second = log(true);
        commitOne(second, 2);
        await(second.close());
        assertThat(points()).hasSize(2);
        assertThat(points().get(1).value())
                .startsWith(java.util.Arrays.copyOf(points().get(0).value(), 5));
    }

    @Test
    void with_kept_ids_a_restart_publishes_while_the_registry_fails() {
        KafkaLaneLog first = log(true);
        commitOne(first, 1);
        await(first.close());
        registry.answerAll(503);

        KafkaLaneLog second = log(true);
        commitOne(second, 2);
        await(second.close());
    }

    @Test
    void a_first_start_waits_for_a_registry_that_is_down() {
        URI url = registry.url();
        registry.close();
        KafkaLaneLog log = log(true);
        assertThat(failure(log.open(lane, name -> true))).isInstanceOf(SinkFailure.Aborted.class);
        registry = new SmallRegistry(vertx, url.getPort());
        commitOne(log, 1);
        await(log.close());
    }

    @Test
    void without_auto_register_an_unknown_schema_is_refused_by_name_and_nothing_is_registered() {
        KafkaLaneLog log = log(false);
        SinkFailure failure = failure(log.open(lane, name -> true));
        assertThat(failure)
                .isInstanceOfSatisfying(
                        SinkFailure.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Reason.NOT_FOUND));
        assertThat(failure.message())
                .contains(base.prefix() + ".")
                .contains("-value")
                .contains("auto-register");
        assertThat(registry.requests()).noneMatch(r -> r.endsWith("/versions"));
        await(log.close());

        KafkaLaneLog registering = log(true);
        commitOne(registering, 1);
        await(registering.close());
        KafkaLaneLog again = log(false);
        commitOne(again, 2);
        await(again.close());
    }

    @Test
    void an_incompatible_schema_is_refused_by_name() {
        registry.answerAll(409);
        KafkaLaneLog log = log(true);
        SinkFailure failure = failure(log.open(lane, name -> true));
        assertThat(failure)
                .isInstanceOfSatisfying(
                        SinkFailure.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Reason.CONFLICT));
        assertThat(failure.message()).contains(base.prefix() + ".").contains("incompatible");
        registry.answerAll(422);
        assertThat(failure(log.open(lane, name -> true))).isInstanceOf(SinkFailure.Refused.class);
        await(log.close());
    }

    @Test
    void what_was_written_without_a_registry_reads_back_beside_what_was_written_with_it() {
        KafkaLaneLog without = new KafkaLaneLog(vertx, base);
        commitOne(without, 1);
        await(without.close());
        KafkaLaneLog with = log(true);
        LaneSession session = await(with.open(lane, name -> true));
        Batch other = new Batch(
                SPLIT,
                List.<Publication>of(Samples.point(SPLIT, "other", 1)),
                checkpoint(SPLIT, 2),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of());
        await(session.commit(List.of(other)));
        assertThat(await(session.published(SPLIT, RecordType.POINT, WINDOW)))
                .containsExactlyInAnyOrder(Samples.point(SPLIT, "m", 1), Samples.point(SPLIT, "other", 1));
        await(session.close());
        await(with.close());
    }
}
