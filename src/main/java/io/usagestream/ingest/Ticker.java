package io.usagestream.ingest;

import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/** Time, timers and chance as a lane sees them. All of a lane runs on one ticker, one task after the other: it needs no locks. */
public interface Ticker {
    Instant now();

    /** Runs a task once after that time, unless it is cancelled. */
    Timer after(Duration delay, Runnable task);

    /** Runs a task soon, after what is running: how a loop goes on without growing the stack. */
    void execute(Runnable task);

    /**
     * Works something out beside the loop, which goes on meanwhile; the outcome, or what was thrown, comes back on the loop. What is
     * short may be done at once.
     *
     * @param rows about how many rows it goes through: says how long it takes
     */
    <T> Future<T> aside(int rows, Supplier<T> work);

    /** 64 random bits. */
    long random();

    /** A task that was not run yet. */
    interface Timer {
        void cancel();
    }
}
