package io.usagestream.simulation;

import java.time.Duration;
import java.util.List;

/** The chance of one seed: the same seed gives the same throws. */
final class Dice {
    private long state;

    Dice(long seed) {
        state = mix(seed + 0x9E3779B97F4A7C15L);
    }

    /** Dice of their own for one thing, so that throwing them more often changes nothing else. */
    Dice of(long thing) {
        return new Dice(mix(state ^ mix(thing)));
    }

    long bits() {
        state += 0x9E3779B97F4A7C15L;
        return mix(state);
    }

    boolean chance(double probability) {
        return (bits() >>> 11) * 0x1.0p-53 < probability;
    }

    /** Evenly from low to high, both included. */
    long between(long low, long high) {
        return low + Math.floorMod(bits() >>> 1, high - low + 1);
    }

    int between(int low, int high) {
        return (int) between((long) low, (long) high);
    }

    /** Milliseconds between two durations. */
    long millis(Duration low, Duration high) {
        return between(low.toMillis(), high.toMillis());
    }

    <T> T one(List<T> of) {
        return of.get((int) between(0L, of.size() - 1L));
    }

    private static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
