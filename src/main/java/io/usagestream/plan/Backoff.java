package io.usagestream.plan;

import java.time.Duration;

/** Exponential waiting with full jitter: the n-th wait is drawn evenly from zero to the n-th doubling of the base, capped. */
public record Backoff(Duration base, Duration cap) {
    /** For requests: 1 s doubling to 5 min. */
    public static final Backoff REQUESTS = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(5));

    /**
     * The wait before the next try.
     *
     * @param failures how many tries failed in a row, from 1
     * @param random 64 random bits
     */
    public Duration after(int failures, long random) {
        int doublings = Math.min(Math.max(0, failures - 1), 30);
        long most = Math.min(cap.toMillis(), base.toMillis() << doublings);
        return Duration.ofMillis(Math.floorMod(random, Math.max(1, most) + 1));
    }
}
