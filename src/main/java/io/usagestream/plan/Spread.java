package io.usagestream.plan;

import java.time.Duration;

/**
 * How far a split is away from the others in what comes again: many that start together would else poll, sweep and re-scan together
 * for ever.
 *
 * @param offset not negative and less than an hour
 */
public record Spread(Duration offset) {
    private static final Duration OF = Duration.ofHours(1);

    public Spread {
        if (offset.isNegative() || offset.compareTo(OF) >= 0) {
            throw new IllegalArgumentException("offset " + offset + " is not within an hour");
        }
    }

    /** Any of them, by a random number. */
    public static Spread of(long random) {
        return new Spread(Duration.ofMillis(Math.floorMod(random, OF.toMillis())));
    }

    /** A part of an interval: the same part of every interval. */
    Duration part(Duration interval) {
        return interval.multipliedBy(1 + offset.toMillis()).dividedBy(OF.toMillis());
    }
}
