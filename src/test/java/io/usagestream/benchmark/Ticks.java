package io.usagestream.benchmark;

import java.time.Duration;

/**
 * Moments at which one more piece of usage shows: every so often, at a moment of its own for each account. Both sides compute them, so
 * that a reader knows when upstream first showed what it reads. All times are epoch milliseconds.
 *
 * @param period zero: nothing ever changes
 */
record Ticks(long period, long phase) {
    /** What every bucket holds when nothing changes. */
    private static final long STILL = 1_000;

    static Ticks of(int account, Duration period) {
        long millis = period.toMillis();
        return new Ticks(millis, millis == 0 ? 0 : account * 7_919L % millis);
    }

    /** How many pieces a bucket shows at a moment. */
    long shown(long from, long to, long now) {
        return period == 0 ? STILL : Math.max(0, before(Math.min(to, now + 1)) - before(from));
    }

    /** When a bucket's n-th piece first showed; the first is 1. */
    long at(long from, long n) {
        return phase + (before(from) + n - 1) * period;
    }

    /** Ticks of all time before a moment. */
    private long before(long moment) {
        return Math.floorDiv(moment - phase - 1, period) + 1;
    }
}
