package io.usagestream.plan;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The ages at which rows were seen changed, counted in powers of two of seconds: what the lookback, a promise about upstream, is
 * checked against. Entry i counts ages from 2^(i-1) up to 2^i seconds; an age is that at the read that showed the change, so it is
 * an upper bound.
 */
public final class ChangeAges {
    private static final int BUCKETS = 32;

    private final long[] counts = new long[BUCKETS];

    public ChangeAges(List<Long> stored) {
        for (int i = 0; i < Math.min(BUCKETS, stored.size()); i++) {
            counts[i] = stored.get(i);
        }
    }

    /** Counts a change that was seen at that age. */
    public void add(Duration age) {
        long seconds = Math.max(0, age.toSeconds());
        counts[Math.min(BUCKETS - 1, 64 - Long.numberOfLeadingZeros(seconds))]++;
    }

    /** The age below which 99.9 % of the changes fell, rounded up to a power of two of seconds; empty without changes. */
    public Optional<Duration> p999() {
        long total = Arrays.stream(counts).sum();
        if (total == 0) {
            return Optional.empty();
        }
        long below = 0;
        for (int i = 0; i < BUCKETS; i++) {
            below += counts[i];
            if (below * 1000 >= total * 999) {
                return Optional.of(Duration.ofSeconds(1L << i));
            }
        }
        throw new AssertionError("the counts do not add up");
    }

    public List<Long> stored() {
        int used = BUCKETS;
        while (used > 0 && counts[used - 1] == 0) {
            used--;
        }
        return Arrays.stream(counts).limit(used).boxed().toList();
    }
}
