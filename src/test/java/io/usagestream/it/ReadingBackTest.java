package io.usagestream.it;

import static io.usagestream.contract.Samples.batch;
import static io.usagestream.contract.Samples.point;
import static io.usagestream.contract.Waiting.await;
import static io.usagestream.contract.Waiting.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.contract.Samples;
import io.usagestream.envelope.RecordType;
import io.usagestream.sink.LaneNumber;
import io.usagestream.sink.LaneSession;
import io.usagestream.sink.SinkFailure;
import io.usagestream.sink.kafka.KafkaLaneLog;
import io.usagestream.sink.kafka.KafkaSettings;
import io.usagestream.sink.kafka.Topics;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Split;
import io.usagestream.stream.Window;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a lane has just committed is hidden from readers for as long as another lane's transaction, begun before, is open in the same
 * partition: what stands in for the index must hold it all the same.
 */
class ReadingBackTest {
    private static final Split SPLIT = Samples.split("acme", "completions");
    private static final Window WINDOW = new Window(Samples.START, Samples.START.plus(Duration.ofHours(1)));

    private final Vertx vertx = Vertx.vertx();
    private final KafkaSettings settings = SharedKafka.instance().settings(2);
    private final KafkaLaneLog log = new KafkaLaneLog(vertx, settings);
    private final int lane = LaneNumber.of(SPLIT.source(), 2);

    @BeforeEach
    void topics() {
        await(new Topics(vertx, settings, SharedKafka.topics()).prepare());
    }

    @AfterEach
    void stop() {
        await(log.close());
        await(vertx.close());
    }

    @Test
    void records_behind_an_open_transaction_are_waited_for() throws Exception {
        LaneSession session = await(log.open(lane, name -> true));
        try (KafkaProducer<byte[], byte[]> other = open()) {
            await(session.commit(List.of(batch(SPLIT, 1, "m"))));
            Future<List<Publication>> published = session.published(SPLIT, RecordType.POINT, WINDOW);
            Thread.sleep(1_000);
            other.abortTransaction();
            assertThat(await(published)).containsExactly(point(SPLIT, "m", 1));
        }
        await(session.close());
    }

    @Test
    void a_transaction_that_does_not_end_fails_the_reading_and_names_the_tool() {
        KafkaSettings.Limits l = settings.limits();
        KafkaSettings.Limits hasty = new KafkaSettings.Limits(
                l.commit(), Duration.ofSeconds(2), l.restore(), l.revoke(), l.close(), l.registry());
        KafkaLaneLog impatient = new KafkaLaneLog(
                vertx, new KafkaSettings(settings.client(), settings.prefix(), 2, "", settings.registry(), hasty));
        LaneSession session = await(impatient.open(lane, name -> true));
        try (KafkaProducer<byte[], byte[]> other = open()) {
            await(session.commit(List.of(batch(SPLIT, 1, "m"))));
            assertThat(failure(session.published(SPLIT, RecordType.POINT, WINDOW)))
                    .isInstanceOfSatisfying(
                            SinkFailure.Aborted.class,
                            aborted -> assertThat(aborted.message())
                                    .contains("find-hanging --topic " + settings.topic("points")));
            other.abortTransaction();
        }
        await(session.close());
        await(impatient.close());
    }

    /** Another lane, which has written to every partition and not committed yet. */
    private KafkaProducer<byte[], byte[]> open() {
        Map<String, Object> properties = new HashMap<>(settings.client());
        properties.put("transactional.id", settings.prefix() + "-lane-" + (1 - lane));
        KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        producer.initTransactions();
        producer.beginTransaction();
        String topic = settings.topic("points");
        producer.partitionsFor(topic)
                .forEach(
                        p -> producer.send(new ProducerRecord<>(topic, p.partition(), new byte[] {1}, new byte[] {1})));
        producer.flush();
        return producer;
    }
}
