package io.usagestream.ingest;

import java.time.Duration;
import java.time.Instant;

/** Time, timers and chance as a lane sees them. All of a lane runs on one ticker, one task after the other: it needs no locks. */
public interface Ticker {
    Instant now();

    /** Runs a task once after that time, unless it is cancelled. */
    Timer after(Duration delay, Runnable task);

    /** Runs a task soon, after what is running: how a loop goes on without growing the stack. */
    void execute(Runnable task);

    /** 64 random bits. */
    long random();

    /** A task that was not run yet. */
    interface Timer {
        void cancel();
    }
}
