package io.usagestream.it;

import static io.usagestream.contract.Samples.batch;
import static io.usagestream.contract.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.contract.Samples;
import io.usagestream.query.PointFeed;
import io.usagestream.sink.LaneNumber;
import io.usagestream.sink.LaneSession;
import io.usagestream.sink.kafka.KafkaLaneLog;
import io.usagestream.sink.kafka.KafkaSettings;
import io.usagestream.sink.kafka.Topics;
import io.usagestream.stream.Split;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class PointFeedTest {
    private static final Split SPLIT = Samples.split("acme", "completions");
    private static final Duration SOON = Duration.ofSeconds(20);

    @Test
    void every_point_is_told_once_also_of_partitions_that_are_added() throws Exception {
        Vertx vertx = Vertx.vertx();
        KafkaSettings settings = SharedKafka.instance().settings("feed", 1, Map.of("metadata.max.age.ms", "300"));
        await(new Topics(vertx, settings, SharedKafka.topics()).prepare());
        KafkaLaneLog log = new KafkaLaneLog(vertx, settings);
        LaneSession session = await(log.open(LaneNumber.of(SPLIT.source(), 1), name -> true));
        List<String> told = new CopyOnWriteArrayList<>();
        try (PointFeed feed = new PointFeed(
                settings.client(),
                settings.prefix(),
                Optional.empty(),
                Samples.START,
                point -> told.add(point.dimensions()
                        .getOrDefault("model", Optional.empty())
                        .orElseThrow()))) {
            feed.start();
            commit(session, 0, 8);
            Awaitility.await().atMost(SOON).until(() -> told.size() >= 8);

            try (Admin admin = Admin.create(Map.copyOf(settings.client()))) {
                admin.createPartitions(Map.of(settings.topic("points"), NewPartitions.increaseTo(8)))
                        .all()
                        .get(30, TimeUnit.SECONDS);
            }
            Thread.sleep(1_000); // until the producer has heard of them
            commit(session, 8, 24);

            Awaitility.await().atMost(SOON).until(() -> told.size() >= 24);
        }
        assertThat(told)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 24).mapToObj(i -> "m" + i).toList());
        await(session.close());
        await(log.close());
        await(vertx.close());
    }

    private static void commit(LaneSession session, int from, int to) {
        for (int i = from; i < to; i++) {
            await(session.commit(List.of(batch(SPLIT, i + 1, "m" + i))));
        }
    }
}
