package io.usagestream.it;

import static io.usagestream.contract.Samples.batch;
import static io.usagestream.contract.Samples.checkpoint;
import static io.usagestream.contract.Waiting.await;
import static io.usagestream.contract.Waiting.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.contract.Samples;
import io.usagestream.sink.LaneNumber;
import io.usagestream.sink.LaneSession;
import io.usagestream.sink.SinkFailure;
import io.usagestream.sink.kafka.KafkaLaneLog;
import io.usagestream.sink.kafka.KafkaSettings;
import io.usagestream.sink.kafka.Topics;
import io.usagestream.stream.Split;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A predecessor that is still at work while its successor opens the lane. */
class FenceOrderTest {
    private static final Split SPLIT = Samples.split("acme", "completions");

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void stop() {
        await(vertx.close());
    }

    @Test
    void what_a_predecessor_commits_until_the_fence_is_restored() throws Exception {
        KafkaProxy proxy = SharedKafka.instance().proxy();
        KafkaSettings settings = SharedKafka.instance().settings(2);
        await(new Topics(vertx, settings, SharedKafka.topics()).prepare());
        KafkaLaneLog log = new KafkaLaneLog(vertx, settings);
        int lane = LaneNumber.of(SPLIT.source(), 2);
        LaneSession predecessor = await(log.open(lane, name -> true));
        await(predecessor.commit(List.of(batch(SPLIT, 1, "m"))));

        proxy.holdFence(settings.prefix() + "-lane-" + lane);
        Future<LaneSession> opening = log.open(lane, name -> true);
        assertThat(proxy.awaitHeld()).isTrue();
        await(predecessor.commit(List.of(batch(SPLIT, 2, "m"))));
        proxy.releaseFence();

        LaneSession successor = await(opening);
        assertThat(successor.restored().checkpoints()).containsValue(checkpoint(SPLIT, 2));
        assertThat(failure(predecessor.commit(List.of(batch(SPLIT, 3, "m"))))).isInstanceOf(SinkFailure.Fenced.class);
        await(predecessor.close());
        await(successor.close());
        await(log.close());
    }
}
