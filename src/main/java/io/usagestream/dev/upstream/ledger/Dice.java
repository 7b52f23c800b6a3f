package io.usagestream.dev.upstream.ledger;

/**
 * A seeded sequence of numbers: SplitMix64, so that the same seed gives the same ledger on every Java.
 *
 * <p>Its constants are those of Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (OOPSLA 2014).
 */
public final class Dice {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final char[] ALPHABET =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".toCharArray();

    private long state;

    public Dice(long seed) {
        this.state = seed;
    }

    /** A seed that depends on all of its parts and on their order. */
    public static long seed(long... parts) {
        long hash = GOLDEN;
        for (long part : parts) {
            hash = mix(hash + GOLDEN ^ mix(part + GOLDEN));
        }
        return hash;
    }

    public static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    public long next() {
        state += GOLDEN;
        return mix(state);
    }

    /** Evenly from 0 to bound − 1. */
    public int below(int bound) {
        return (int) ((next() >>> 32) * bound >>> 32);
    }

    /** Evenly from low to high, both included. */
    public int between(int low, int high) {
        return low + below(high - low + 1);
    }

    /** True that many times in a thousand. */
    public boolean perMille(int chances) {
        return below(1000) < chances;
    }

    /** From 0 to bound − 1, the low ones more often: a few models take most of the traffic. */
    public int skewed(int bound) {
        return Math.min(below(bound), below(bound));
    }

    /** That many letters and digits. */
    public String text(int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(ALPHABET[below(ALPHABET.length)]);
        }
        return text.toString();
    }
}
