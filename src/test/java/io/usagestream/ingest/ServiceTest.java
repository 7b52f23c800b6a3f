package io.usagestream.ingest;

import static io.usagestream.contract.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.checkpoint.SegmentName;
import io.usagestream.simulation.Sole;
import io.usagestream.sink.LaneLog;
import io.usagestream.sink.LaneSession;
import io.usagestream.sink.Ownership;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A lane that could not begin when it was assigned. */
class ServiceTest {
    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger asked = new AtomicInteger();
    private final Promise<Integer> opened = Promise.promise();
    private final Service service = new Service(
            vertx,
            new Log(),
            new Given(),
            List.of(),
            List.of(),
            new Observer() {},
            InstantSource.system(),
            new Random(1));

    @AfterEach
    void end() {
        await(vertx.close());
    }

    @Test
    void is_begun_again_and_ends_like_any_other() {
        await(service.start());
        assertThat(await(opened.future())).isZero();
        assertThat(asked).hasValue(2);
        await(service.stop());
    }

    @Test
    void is_not_begun_again_once_it_is_taken_away() throws InterruptedException {
        await(service.start());
        await(service.stop());
        Thread.sleep(6_000);
        assertThat(asked).hasValueLessThan(2);
    }

    /** A group that assigns one lane at once. */
    private static final class Given extends Sole implements Ownership {
        @Override
        public Future<Void> join(Listener listener) {
            listener.assigned(0);
            return Future.succeededFuture();
        }
    }

    /** A log that fails in its first call, as nothing should. */
    private final class Log implements LaneLog {
        @Override
        public Future<LaneSession> open(int lane, Predicate<SegmentName> eager) {
            opened.tryComplete(lane);
            return Future.failedFuture("not here");
        }

        @Override
        public int lanes() {
            if (asked.incrementAndGet() == 1) {
                throw new IllegalStateException("planted");
            }
            return 1;
        }
    }
}
