package io.usagestream.ingest;

/**
 * How much one request asks for: the buckets of a page, or a series with or without its points of zeros.
 *
 * <p>An answer that is too large is refused in words that say so, or with the error of whatever stands before upstream (an API
 * gateway's 5xx). That error may as well be an outage. So after one the next window asks for less, and the one after it for as much
 * as before; only when that fails once more, and less is answered once more, less is what is asked for from then on. An upstream
 * that fails now and then looks the same at times: more is tried again after many windows.
 */
final class PageLimit {
    /** How often less must have helped before it is kept. */
    private static final int PROOFS = 2;

    /** An outage ends with windows of so many times the pages, at most. */
    private static final int MOST_PAGES = 8;

    /** After so many windows of less, more is tried: about once in a day of polls, for what is too much fails once more then. */
    static final int AGAIN = 1_000;

    /** What upstream takes, as far as it says. */
    private int most;

    private int known;
    private int now;
    private int helped;
    private int reads;

    /** @param most what upstream says that it puts up with */
    PageLimit(int most) {
        this.most = most;
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
        most = now;
        keep(now);
        return true;
    }

    /** A window that asked for so much ended in an error that may mean that it is too much. */
    void failed(int asked) {
        int least = Math.max(1, known / MOST_PAGES);
        now = asked > known ? known : Math.max(least, Math.min(now, asked / 2));
    }

    /** A window that asked for so much was read. */
    void read(int asked) {
        if (asked < known) {
            helped++;
        } else {
            helped = 0;
            reads++;
        }
        if (asked > known || helped >= PROOFS) {
            keep(Math.min(asked, most));
        }
        now = known;
        if (known < most && reads >= AGAIN) {
            reads = 0;
            now = Math.min(most, 2 * known);
        }
    }

    private void keep(int size) {
        known = size;
        helped = 0;
        reads = 0;
    }
}
