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
import io.usagestream.sink.SinkException;
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
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
        try (OpenTransaction other = open()) {
            await(session.commit(List.of(batch(SPLIT, 1, "m"))));
            Future<List<Publication>> published = session.published(SPLIT, RecordType.POINT, WINDOW);
            Thread.sleep(1_000);
            other.abort();
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
        try (OpenTransaction other = open()) {
            await(session.commit(List.of(batch(SPLIT, 1, "m"))));
            assertThat(failure(session.published(SPLIT, RecordType.POINT, WINDOW)))
                    .isInstanceOfSatisfying(
                            SinkFailure.Aborted.class,
                            aborted -> assertThat(aborted.message())
                                    .contains("find-hanging --topic " + settings.topic("points")));
            other.abort();
        }
        await(session.close());
        await(impatient.close());
    }

    @Test
    void reading_that_takes_too_long_is_gone_on_with() {
        LaneSession session = await(log.open(lane, name -> true));
        List<String> models = IntStream.range(0, 12).mapToObj(i -> "m" + i).toList();
        models.forEach(model -> await(session.commit(List.of(batch(SPLIT, 1, model)))));
        await(session.commit(List.of(batch(SPLIT, 2, "m0"))));
        KafkaSettings.Limits l = settings.limits();
        KafkaSettings.Limits hasty = new KafkaSettings.Limits(
                l.commit(), l.stable(), Duration.ofMillis(1), l.revoke(), l.close(), l.registry());
        Map<String, String> client = new HashMap<>(settings.client());
        client.put("max.poll.records", "1");
        KafkaLaneLog slow = new KafkaLaneLog(
                vertx, new KafkaSettings(client, settings.prefix(), 2, "", settings.registry(), hasty));
        LaneSession reading = await(slow.open(1 - lane, name -> true)); // which holds nothing to be restored
        Optional<Set<Publication>> found = Optional.empty();
        for (int tries = 0; found.isEmpty() && tries < 40; tries++) {
            try {
                found = Optional.of(Set.copyOf(await(reading.published(SPLIT, RecordType.POINT, WINDOW))));
                assertThat(tries)
                        .as("no try had time for more than a few records")
                        .isGreaterThan(3);
            } catch (SinkException e) {
                assertThat(e.failure().message()).contains("the next try goes on there");
            }
        }
        Set<Publication> last = models.stream()
                .map(model -> point(SPLIT, model, model.equals("m0") ? 2 : 1))
                .collect(Collectors.toSet());
        assertThat(found).contains(last);
        await(reading.close());
        await(slow.close());
        await(session.close());
    }

    /** Another lane, which has written to every partition and not committed yet. */
    private OpenTransaction open() {
        return new OpenTransaction(settings, settings.topic("points"), settings.prefix() + "-lane-" + (1 - lane));
    }
}
