package io.usagestream.ingest;

/**
 * How much one request asks for: the buckets of a page, or a series with or without its points of zeros.
 *
 * <p>An answer that is too large is refused in words that say so, or with the error of whatever stands before upstream (an API
 * gateway's 5xx). That error may as well be an outage. So after one the next window asks for less, and the one after it for as much
 * as before; only when that fails once more, and less is answered once more, less is what is asked for from then on.
 */
final class PageLimit {
    /** How often less must have helped before it is kept. */
    private static final int PROOFS = 2;

    /** An outage ends with windows of so many times the pages, at most. */
    private static final int MOST_PAGES = 8;

    private int known;
    private int now;
    private int helped;

    /** @param most what upstream says that it puts up with */
    PageLimit(int most) {
        known = most;
        now = most;
    }

    /** What the next window asks for. */
    int now() {
        return now;
    }

    /** Upstream said that it is too much. @return whether there is less to ask for */
    boolean tooLarge() {
        if (now == 1) {
            return false;
        }
        now /= 2;
        known = now;
        return true;
    }

    /** A window that asked for so much ended in an error that may mean that it is too much. */
    void failed(int asked) {
        int least = Math.max(1, known / MOST_PAGES);
        now = Math.max(least, Math.min(now, asked / 2));
    }

    /** A window that asked for so much was read. */
    void read(int asked) {
        if (asked >= known) {
            helped = 0;
            now = known;
            return;
        }
        helped++;
        if (helped >= PROOFS) {
            known = asked;
        }
        now = known;
    }
}
