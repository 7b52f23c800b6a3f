package io.usagestream.ingest;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Time and timers of one event loop. */
final class VertxTicker implements Ticker {
    private static final Logger LOG = LoggerFactory.getLogger(VertxTicker.class);

    /** Vert.x timers count in milliseconds and refuse zero; a day is more than any loop waits at once. */
    private static final long MOST = Duration.ofDays(1).toMillis();

    /** Rows that take no longer than a millisecond or two: to go elsewhere and back would cost more than it spares. */
    private static final int AT_ONCE = 256;

    private final Vertx vertx;
    private final Context context;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final WorkerExecutor workers;

    VertxTicker(Vertx vertx, Context context, InstantSource clock, RandomGenerator random) {
        this.vertx = vertx;
        this.context = context;
        this.clock = clock;
        this.random = random;
        // by its name the same for all lanes: as many windows are worked on at a time as there are processors to do it
        int processors = Runtime.getRuntime().availableProcessors();
        this.workers = vertx.createSharedWorkerExecutor("windows", processors);
    }

    @Override
    public Instant now() {
        return clock.instant();
    }

    @Override
    public Timer after(Duration delay, Runnable task) {
        long id = vertx.setTimer(
                Math.min(MOST, Math.max(1, delay.toMillis())), fired -> context.runOnContext(v -> task.run()));
        return () -> vertx.cancelTimer(id);
    }

    @Override
    public void execute(Runnable task) {
        context.runOnContext(v -> task.run());
    }

    @Override
    public <T> Future<T> aside(int rows, Supplier<T> work) {
        if (rows <= AT_ONCE) {
            return Future.<Void>succeededFuture().map(v -> work.get());
        }
        Promise<T> here = Promise.promise();
        workers.executeBlocking(
                () -> {
                    Future<T> outcome = Future.<Void>succeededFuture().map(v -> work.get());
                    deliver(() -> outcome.onComplete(here));
                    return rows;
                },
                false);
        return here.future();
    }

    private void deliver(Runnable outcome) {
        try {
            execute(outcome);
        } catch (RejectedExecutionException e) {
            LOG.atDebug().setCause(e).log("the event loop is gone, and with it whoever asked");
        }
    }

    @Override
    public long random() {
        return random.nextLong();
    }
}
