package io.usagestream.query;

import io.usagestream.stream.Digest;

/** The last revision of each key, and whether it was retracted: 20 bytes a slot of an open-addressing table. */
final class SeenRevisions {
    private static final double LOAD = 0.6;

    private long[] high = new long[1 << 14];
    private long[] low = new long[1 << 14];
    /** Revision and one bit for retracted; 0 where the slot is free: revisions begin at 1. */
    private int[] marks = new int[1 << 14];

    private int size;

    /** What was seen of a key before. */
    record Before(int revision, boolean live) {}

    private static final Before NOTHING = new Before(0, false);

    /**
     * Remembers a revision; tells what was there before it.
     *
     * @throws TooMuchException for more keys than fit
     */
    Before put(Digest key, int revision, boolean retracted) {
        int slot = slot(high, low, marks, key.high(), key.low());
        int mark = marks[slot];
        if (mark == 0) {
            if (size >= LatestRevisions.MAX_KEYS) {
                throw new TooMuchException("more than " + LatestRevisions.MAX_KEYS + " rows: ask for a shorter range");
            }
            size++;
            high[slot] = key.high();
            low[slot] = key.low();
        }
        marks[slot] = revision << 1 | (retracted ? 1 : 0);
        if (size > LOAD * marks.length) {
            grow();
        }
        return mark == 0 ? NOTHING : new Before(mark >>> 1, (mark & 1) == 0);
    }

    private static int slot(long[] high, long[] low, int[] marks, long keyHigh, long keyLow) {
        int mask = marks.length - 1;
        int slot = (int) keyLow & mask;
        while (marks[slot] != 0 && (high[slot] != keyHigh || low[slot] != keyLow)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        long[] moreHigh = new long[2 * high.length];
        long[] moreLow = new long[2 * low.length];
        int[] more = new int[2 * marks.length];
        for (int i = 0; i < marks.length; i++) {
            if (marks[i] != 0) {
                int slot = slot(moreHigh, moreLow, more, high[i], low[i]);
                moreHigh[slot] = high[i];
                moreLow[slot] = low[i];
                more[slot] = marks[i];
            }
        }
        high = moreHigh;
        low = moreLow;
        marks = more;
    }
}
