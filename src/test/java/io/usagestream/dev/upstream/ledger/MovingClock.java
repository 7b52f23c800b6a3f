package io.usagestream.dev.upstream.ledger;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that a test turns. */
public final class MovingClock implements InstantSource {
    private volatile Instant now;

    public MovingClock(Instant now) {
        this.now = now;
    }

    @Override
    public Instant instant() {
        return now;
    }

    public void set(Instant time) {
        now = time;
    }

    public void advance(Duration step) {
        now = now.plus(step);
    }
}
