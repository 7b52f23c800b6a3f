package io.usagestream.envelope;

import java.util.Arrays;

/**
 * Arrays that are written to again and again, one of each length. An array is its receiver's until the next of its length is
 * asked for.
 */
final class Lent {
    /** Longer ones are seldom of equal length, and are not kept. */
    private static final int KEPT = 1024;

    private final byte[][] byLength = new byte[KEPT + 1][];

    Lent() {
        Arrays.fill(byLength, new byte[0]);
    }

    byte[] array(int length) {
        if (length > KEPT) {
            return new byte[length];
        }
        if (byLength[length].length != length) {
            byLength[length] = new byte[length];
        }
        return byLength[length];
    }
}
