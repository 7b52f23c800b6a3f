package io.usagestream.ingest;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** Time and timers of one event loop. */
final class VertxTicker implements Ticker {
    /** Vert.x timers count in milliseconds and refuse zero; a day is more than any loop waits at once. */
    private static final long MOST = Duration.ofDays(1).toMillis();

    private final Vertx vertx;
    private final Context context;
    private final InstantSource clock;
    private final RandomGenerator random;

    VertxTicker(Vertx vertx, Context context, InstantSource clock, RandomGenerator random) {
        this.vertx = vertx;
        this.context = context;
        this.clock = clock;
        this.random = random;
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
    public long random() {
        return random.nextLong();
    }
}
