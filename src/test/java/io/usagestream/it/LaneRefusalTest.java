package io.usagestream.it;

import static io.usagestream.contract.Samples.batch;
import static io.usagestream.contract.Samples.checkpoint;
import static io.usagestream.contract.Waiting.await;
import static io.usagestream.contract.Waiting.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.checkpoint.Segment;
import io.usagestream.checkpoint.SegmentName;
import io.usagestream.contract.Samples;
import io.usagestream.envelope.StateFormat;
import io.usagestream.sink.Batch;
import io.usagestream.sink.LaneNumber;
import io.usagestream.sink.LaneSession;
import io.usagestream.sink.SinkFailure;
import io.usagestream.sink.kafka.KafkaLaneLog;
import io.usagestream.sink.kafka.KafkaSettings;
import io.usagestream.sink.kafka.Topics;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Split;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What keeps a lane from opening, and what is made of records that do not fit. */
class LaneRefusalTest {
    private static final Split SPLIT = Samples.split("acme", "completions");

    private final Vertx vertx = Vertx.vertx();
    private final KafkaSettings settings = SharedKafka.instance().settings(2);
    private final KafkaLaneLog log = new KafkaLaneLog(vertx, settings);
    private final int lane = LaneNumber.of(SPLIT.source(), 2);
    private final TopicPartition partition = new TopicPartition(settings.topic("checkpoints"), lane);

    @BeforeEach
    void topics() {
        await(new Topics(vertx, settings, SharedKafka.topics()).prepare());
    }

    @AfterEach
    void stop() {
        await(log.close());
        await(vertx.close());
    }

    private LaneSession open() {
        return await(log.open(lane, name -> true));
    }

    private void refused(KafkaLaneLog by, Reason reason, String... words) {
        SinkFailure failure = failure(by.open(lane, name -> true));
        assertThat(failure)
                .isInstanceOfSatisfying(
                        SinkFailure.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(reason));
        assertThat(failure.message()).contains(words);
    }

    private static Batch published(int step) {
        return new Batch(
                SPLIT,
                List.of(Samples.progress(SPLIT), Samples.point(SPLIT, "m", step)),
                checkpoint(SPLIT, step),
                List.of(Samples.segment(SPLIT, Samples.DAY, step)),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    /** Kafka deletes records of topics only whose policy says so: as when somebody "cleans up". */
    private void truncate(long before) throws Exception {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, partition.topic());
        try (Admin admin = Admin.create(Map.copyOf(settings.client()))) {
            admin.incrementalAlterConfigs(Map.of(
                            topic,
                            List.of(new AlterConfigOp(
                                    new ConfigEntry("cleanup.policy", "compact,delete"), AlterConfigOp.OpType.SET))))
                    .all()
                    .get(30, TimeUnit.SECONDS);
            org.awaitility.Awaitility.await().ignoreExceptions().until(() -> {
                admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(before)))
                        .all()
                        .get(30, TimeUnit.SECONDS);
                return true;
            });
        }
    }

    /** What a writer that does not know of lanes might leave. */
    private static KafkaProducer<byte[], byte[]> stranger(String transactionalId) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("bootstrap.servers", SharedKafka.instance().bootstrapServers());
        properties.put("transactional.id", transactionalId);
        KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        producer.initTransactions();
        return producer;
    }

    @Test
    void another_number_of_lanes_is_refused() {
        KafkaSettings more =
                new KafkaSettings(settings.client(), settings.prefix(), 3, "", settings.registry(), settings.limits());
        KafkaLaneLog other = new KafkaLaneLog(vertx, more);
        refused(other, Reason.LANES_CHANGED, "topics.lanes is 3", "is 2");
        await(other.close());
    }

    @Test
    void a_number_of_lanes_that_was_kept_holds_even_if_topic_and_setting_agree() throws Exception {
        LaneSession session = open();
        await(session.commit(List.of(published(1))));
        await(session.close());
        try (Admin admin = Admin.create(Map.copyOf(settings.client()))) {
            admin.createPartitions(
                            Map.of(partition.topic(), org.apache.kafka.clients.admin.NewPartitions.increaseTo(3)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
        KafkaSettings more =
                new KafkaSettings(settings.client(), settings.prefix(), 3, "", settings.registry(), settings.limits());
        KafkaLaneLog other = new KafkaLaneLog(vertx, more);
        refused(other, Reason.LANES_CHANGED, "topics.lanes is 3", "kept in lane");
        await(other.close());
    }

    @Test
    void a_truncated_checkpoints_topic_is_refused() throws Exception {
        LaneSession session = open();
        await(session.commit(List.of(published(1))));
        await(session.commit(List.of(published(2))));
        await(session.close());
        truncate(3);
        refused(log, Reason.STATE_LOST, "deleted", "usagestream recover");
    }

    @Test
    void an_emptied_checkpoints_topic_shows_what_was_published() throws Exception {
        LaneSession session = open();
        await(session.commit(List.of(published(1))));
        await(session.close());
        truncate(-1);
        LaneSession emptied = open();
        assertThat(emptied.restored()).satisfies(image -> {
            assertThat(image.checkpoints()).isEmpty();
            assertThat(image.published()).containsExactly(SPLIT.name());
        });
        await(emptied.close());
    }

    @Test
    void state_of_another_cluster_is_refused() {
        try (KafkaProducer<byte[], byte[]> producer = stranger(settings.prefix() + "-lane-" + lane)) {
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(
                    partition.topic(),
                    lane,
                    StateFormat.LANE_KEY.getBytes(StandardCharsets.UTF_8),
                    StateFormat.encode(new StateFormat.Lane(1, 2, "elsewhere", Map.of()))));
            producer.commitTransaction();
        }
        refused(log, Reason.STATE_LOST, "elsewhere", "usagestream recover");
    }

    @Test
    void a_newer_format_is_refused() {
        try (KafkaProducer<byte[], byte[]> producer = stranger(settings.prefix() + "-lane-" + lane)) {
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(
                    partition.topic(),
                    lane,
                    StateFormat.LANE_KEY.getBytes(StandardCharsets.UTF_8),
                    StateFormat.encode(new StateFormat.Lane(99, 2, "any", Map.of()))));
            producer.commitTransaction();
        }
        refused(log, Reason.SETTINGS_CHANGED, "format 99");
    }

    @Test
    void what_a_predecessor_left_open_or_aborted_is_not_restored() {
        LaneSession session = open();
        await(session.commit(List.of(published(1))));
        await(session.close());
        KafkaProducer<byte[], byte[]> dead = stranger(settings.prefix() + "-lane-" + lane);
        byte[] key = StateFormat.key(checkpoint(SPLIT, 2));
        byte[] value = StateFormat.encode(checkpoint(SPLIT, 2));
        dead.beginTransaction();
        dead.send(new ProducerRecord<>(partition.topic(), lane, key, value));
        dead.flush();
        dead.abortTransaction();
        dead.beginTransaction();
        dead.send(new ProducerRecord<>(partition.topic(), lane, key, value));
        dead.flush(); // and there it dies

        LaneSession successor = open();
        assertThat(successor.restored().checkpoints()).containsValue(checkpoint(SPLIT, 1));
        await(successor.close());
        dead.close(Duration.ZERO);
    }

    @Test
    void a_strangers_open_transaction_keeps_the_lane_closed_and_names_the_tool() {
        closedBy(
                new ProducerRecord<>(partition.topic(), lane, new byte[] {1}, null),
                " find-hanging --topic " + partition.topic() + " --partition " + lane + "`");
    }

    @Test
    void a_strangers_open_transaction_on_progress_keeps_a_new_lane_closed_and_names_the_tool() {
        closedBy(
                new ProducerRecord<>(settings.topic("progress"), 0, new byte[] {1}, new byte[] {1}),
                " find-hanging --topic " + settings.topic("progress") + "`");
    }

    private void closedBy(ProducerRecord<byte[], byte[]> open, String find) {
        KafkaSettings.Limits l = settings.limits();
        KafkaLaneLog hasty = new KafkaLaneLog(
                vertx,
                new KafkaSettings(
                        settings.client(),
                        settings.prefix(),
                        2,
                        "",
                        settings.registry(),
                        new KafkaSettings.Limits(
                                l.commit(), Duration.ofMillis(300), l.restore(), l.revoke(), l.close(), l.registry())));
        KafkaProducer<byte[], byte[]> stranger = stranger("stranger-" + settings.prefix());
        stranger.beginTransaction();
        stranger.send(open);
        stranger.flush();
        assertThat(failure(hasty.open(lane, name -> true)))
                .isInstanceOfSatisfying(
                        SinkFailure.Aborted.class,
                        aborted -> assertThat(aborted.message())
                                .contains("`kafka-transactions.sh --bootstrap-server "
                                        + SharedKafka.instance().bootstrapServers() + find));
        stranger.abortTransaction();
        stranger.close();
        await(await(hasty.open(lane, name -> true)).close());
        await(hasty.close());
    }

    @Test
    void a_record_that_is_too_large_is_refused_before_anything_is_sent() {
        LaneSession session = open();
        Segment huge = new Segment(new SegmentName(SPLIT, Samples.DAY, 9), 1, new byte[2_000_000]);
        Batch batch = new Batch(
                SPLIT,
                List.of(Samples.point(SPLIT, "m", 1)),
                checkpoint(SPLIT, 1),
                List.of(huge),
                List.of(),
                List.of(),
                List.of(),
                List.of());
        assertThat(failure(session.commit(List.of(batch))))
                .isInstanceOfSatisfying(SinkFailure.Refused.class, refused -> {
                    assertThat(refused.reason()).isEqualTo(Reason.RECORD_TOO_LARGE);
                    assertThat(refused.message()).contains("acme/completions|2026-11-19|9");
                });
        await(session.close());
        assertThat(new CommittedRecords(settings).of("points")).isEmpty();
        LaneSession again = open();
        await(again.commit(List.of(batch(SPLIT, 1, "m"))));
        await(again.close());
    }
}
