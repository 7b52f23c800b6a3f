package io.usagestream.it;

import static io.usagestream.contract.Samples.batch;
import static io.usagestream.contract.Samples.checkpoint;
import static io.usagestream.contract.Waiting.await;
import static io.usagestream.contract.Waiting.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.contract.Samples;
import io.usagestream.dev.broker.BrokerSettings;
import io.usagestream.dev.broker.EmbeddedKafka;
import io.usagestream.sink.LaneSession;
import io.usagestream.sink.SinkException;
import io.usagestream.sink.SinkFailure;
import io.usagestream.sink.kafka.KafkaLaneLog;
import io.usagestream.sink.kafka.KafkaSettings;
import io.usagestream.sink.kafka.TopicSettings;
import io.usagestream.sink.kafka.Topics;
import io.usagestream.stream.Split;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of three brokers that loses each of them once: leaders and coordinators move, commits go on. */
@Tag("chaos")
class OneOfThreeTest {
    private static final Split SPLIT = Samples.split("acme", "completions");
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final Vertx vertx = Vertx.vertx();
    private int revision;
    private int reopened;

    @AfterEach
    void stop() {
        await(vertx.close());
    }

    @Test
    void commits_go_on_while_any_one_is_down(@TempDir Path folder) {
        try (EmbeddedKafka kafka =
                EmbeddedKafka.start(BrokerSettings.SINGLE.withNodes(3).in(folder))) {
            KafkaSettings settings = settings(kafka, "three");
            TopicSettings topics = new TopicSettings(true, 2, 3, 2, Optional.empty(), true);
            assertThat(await(new Topics(vertx, settings, topics).prepare()).problems())
                    .isEmpty();
            KafkaLaneLog log = new KafkaLaneLog(vertx, settings);
            LaneSession session = commit(log, await(log.open(0, name -> true)));
            for (int node = 1; node <= 3; node++) {
                kafka.dropNode(node);
                long began = System.nanoTime();
                session = commit(log, session);
                System.out.printf(
                        "kafka: without node %d of 3 a commit was through after %d ms%n",
                        node, (System.nanoTime() - began) / 1_000_000);
                session = commit(log, session);
                kafka.startNode(node);
                session = commit(log, session);
            }
            await(session.close());
            await(log.close());
            assertThat(new CommittedRecords(settings).points(SPLIT))
                    .isEqualTo(IntStream.rangeClosed(1, revision)
                            .mapToObj(n -> Samples.point(SPLIT, "m", n).id() + "#" + n)
                            .toList());
            System.out.println("kafka: " + revision + " commits, sessions opened anew: " + reopened);
        }
    }

    @Test
    void with_fewer_replicas_in_sync_than_asked_for_a_step_is_aborted_and_done_again_when_they_are_back(
            @TempDir Path folder) {
        try (EmbeddedKafka kafka =
                EmbeddedKafka.start(BrokerSettings.SINGLE.withNodes(3).in(folder))) {
            KafkaSettings settings = settings(kafka, "insync");
            TopicSettings topics = new TopicSettings(true, 2, 3, 3, Optional.empty(), true);
            await(new Topics(vertx, settings, topics).prepare());
            KafkaLaneLog log = new KafkaLaneLog(vertx, settings);
            LaneSession session = commit(log, await(log.open(0, name -> true)));
            kafka.dropNode(3);
            SinkFailure failure = failure(session.commit(List.of(batch(SPLIT, revision + 1, "m"))));
            assertThat(failure).as(failure.message()).isInstanceOf(SinkFailure.Aborted.class);
            await(session.close());
            kafka.startNode(3);
            session = reopened(log, new ArrayList<>(), System.nanoTime() + PATIENCE.toNanos());
            assertThat(session.restored().checkpoints()).containsValue(checkpoint(SPLIT, 1));
            session = commit(log, session);
            await(session.close());
            await(log.close());
            assertThat(new CommittedRecords(settings).points(SPLIT)).hasSize(2);
        }
    }

    private static KafkaSettings settings(EmbeddedKafka kafka, String prefix) {
        return new KafkaSettings(
                Map.of(
                        "bootstrap.servers", kafka.bootstrapServers(),
                        "max.block.ms", "4000",
                        "request.timeout.ms", "2000",
                        "delivery.timeout.ms", "5000"),
                prefix,
                1,
                "",
                Optional.empty(),
                KafkaSettings.Limits.DEFAULT);
    }

    /** Commits the next revision, in a new session when this one ends in doubt, as the service does; the state says what happened. */
    private LaneSession commit(KafkaLaneLog log, LaneSession session) {
        revision++;
        LaneSession current = session;
        List<String> failures = new ArrayList<>();
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() - end < 0) {
            try {
                await(current.commit(List.of(batch(SPLIT, revision, "m"))));
                return current;
            } catch (SinkException e) {
                assertThat(e.failure()).isNotInstanceOf(SinkFailure.Refused.class);
                failures.add(e.failure().message());
                await(current.close());
                current = reopened(log, failures, end);
                if (current.restored().checkpoints().containsValue(checkpoint(SPLIT, revision))) {
                    return current; // it was carried out after all
                }
            }
        }
        throw new AssertionError("no commit within " + PATIENCE + ": " + failures);
    }

    private LaneSession reopened(KafkaLaneLog log, List<String> failures, long end) {
        while (true) {
            try {
                reopened++;
                return await(log.open(0, name -> true));
            } catch (SinkException e) {
                failures.add(e.failure().message());
                assertThat(System.nanoTime() - end).as(failures.toString()).isNegative();
            }
        }
    }
}
