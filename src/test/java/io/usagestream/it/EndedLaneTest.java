package io.usagestream.it;

import static io.usagestream.contract.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.sink.LaneSession;
import io.usagestream.sink.kafka.KafkaLaneLog;
import io.usagestream.sink.kafka.KafkaSettings;
import io.usagestream.sink.kafka.Topics;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A lane that is taken away, or whose service is stopped, while it opens. */
class EndedLaneTest {
    /** Opens a lane. */
    private static final class Opening extends VerticleBase {
        private final KafkaLaneLog log;
        private final CompletableFuture<LaneSession> opened = new CompletableFuture<>();

        Opening(KafkaLaneLog log) {
            this.log = log;
        }

        @Override
        public Future<?> start() {
            log.open(0, name -> true).onSuccess(opened::complete).onFailure(opened::completeExceptionally);
            return Future.succeededFuture();
        }
    }

    @Test
    void a_session_that_comes_after_the_end_of_its_verticle_is_closed_without_a_word() throws Exception {
        Vertx vertx = Vertx.vertx();
        KafkaSettings settings = SharedKafka.instance().settings(1);
        await(new Topics(vertx, settings, SharedKafka.topics()).prepare());
        KafkaLaneLog log = new KafkaLaneLog(vertx, settings);
        Opening verticle = new Opening(log);
        String id = await(vertx.deployVerticle(verticle));
        LaneSession session = verticle.opened.get();
        await(vertx.undeploy(id));

        CompletableFuture<Void> closed = new CompletableFuture<>();
        session.close().onComplete(done -> closed.complete(null));

        closed.get();
        Awaitility.await()
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .map(Thread::getName)
                        .noneMatch(name -> name.startsWith("kafka-producer-network-thread")
                                && name.contains(settings.prefix() + "-lane-")));
        assertThat(closed).isCompleted();
        await(log.close());
        await(vertx.close());
    }
}
