package io.usagestream.stream;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/** The width of a bucket, as providers write it; its buckets lie on a grid in UTC. Weeks begin on Mondays. */
public enum Grain {
    MINUTE("1m", Duration.ofMinutes(1)),
    FIVE_MINUTES("5m", Duration.ofMinutes(5)),
    QUARTER("15m", Duration.ofMinutes(15)),
    HALF_HOUR("30m", Duration.ofMinutes(30)),
    HOUR("1h", Duration.ofHours(1)),
    DAY("1d", Duration.ofDays(1)),
    WEEK("7d", Duration.ofDays(7));

    /** 1970-01-05, the first Monday of the epoch. */
    private static final long MONDAY = 4 * 86_400L;

    private final String text;
    private final Duration width;

    Grain(String text, Duration width) {
        this.text = text;
        this.width = width;
    }

    /** The grain that is written so, if there is one. */
    public static Optional<Grain> of(String text) {
        return Arrays.stream(values()).filter(g -> g.text.equals(text)).findFirst();
    }

    /** The grain of that width, if there is one. */
    public static Optional<Grain> of(Duration width) {
        return Arrays.stream(values()).filter(g -> g.width.equals(width)).findFirst();
    }

    public Duration width() {
        return width;
    }

    /** The last point of the grid at or before the time. */
    public Instant floor(Instant time) {
        long origin = this == WEEK ? MONDAY : 0;
        return Instant.ofEpochSecond(
                Math.floorDiv(time.getEpochSecond() - origin, width.toSeconds()) * width.toSeconds() + origin);
    }

    /** The first point of the grid at or after the time. */
    public Instant ceil(Instant time) {
        Instant floor = floor(time);
        return floor.equals(time) ? floor : floor.plus(width);
    }

    public boolean aligned(Instant time) {
        return floor(time).equals(time);
    }

    @Override
    public String toString() {
        return text;
    }
}
