package io.usagestream.plan;

import io.usagestream.stream.Window;
import java.time.Duration;

/**
 * How much of history is read and committed at a time.
 *
 * <p>A log is read in slices that nearly fill a page: an emptier one wastes a request, a fuller one is read for nothing. How full
 * they may be is learned: a little more after every slice that fitted, less after one that did not.
 *
 * <p>Several slices, or pages of buckets, are committed together while they come quickly and hold little: a transaction costs the
 * log tens of milliseconds, whatever is in it. A slow upstream's go one by one: the hot end waits for them.
 */
final class Stride {
    /** Slices or pages that are committed together at most. */
    static final int MOST = 4;

    /** The shortest slice of a log. */
    static final Duration SHORTEST = Duration.ofSeconds(1);

    /** Rows from which on a transaction is worth its cost. */
    private static final int ROWS = 2_000;

    private static final Duration QUICK = Duration.ofMillis(125);
    private static final Duration SLOW = Duration.ofMillis(300);

    /** How full slices are cut, in thousandths of a page. */
    private static final int FULLEST = 970;

    private static final int EMPTIEST = 750;
    private static final int FULLER = 5;
    private static final int EMPTIER = 80;

    private Duration slice;
    private int fill = 833;
    private int together = 1;
    private boolean again;

    /** @param slice the longest slice of a log */
    Stride(Duration slice) {
        this.slice = slice;
    }

    /** The length of one slice of a log. */
    Duration slice() {
        return slice;
    }

    /** How many slices or pages go together. */
    int together() {
        return together;
    }

    /**
     * A slice of a log held more than a page.
     *
     * @param shown the time over which the rows of that page are spread
     */
    void overflowed(Duration tried, Duration shown) {
        fill = Math.max(EMPTIEST, fill - EMPTIER);
        Duration half = Duration.ofSeconds(tried.toSeconds() / 2);
        Duration dense = Duration.ofSeconds(shown.toMillis() * fill / 1_000_000);
        // the end that is shown may be the sparse one: twice in a row, and the density says too little
        slice = longer(SHORTEST, again ? shorter(half, dense) : dense);
        again = true;
    }

    /**
     * Slices of a log were read: the next are cut by their density, at most twice as long. A window that was cut short by the end of
     * what can be read says little.
     */
    void fitted(Window window, int rows, int pageSize, Duration longest) {
        long seconds = slice.toSeconds();
        if (window.length().toSeconds() < seconds) {
            return;
        }
        again = false;
        fill = Math.min(FULLEST, fill + FULLER);
        long wanted = rows == 0
                ? 2 * seconds
                : Math.min(2 * seconds, window.length().toSeconds() * pageSize * fill / 1_000 / rows);
        slice = longer(SHORTEST, Duration.ofSeconds(Math.min(wanted, longest.toSeconds())));
    }

    /** A window was read, and so quickly. */
    void took(Duration time, int rows) {
        if (time.compareTo(SLOW) > 0 || rows > ROWS) {
            together = Math.max(1, together / 2);
        } else if (time.compareTo(QUICK) < 0 && 2 * rows <= ROWS) {
            together = Math.min(MOST, 2 * together);
        }
    }

    /** A window could not be read: what of it can be is read on its own. */
    void failed() {
        together = 1;
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }
}
