package io.usagestream.source.scenario;

/** How many rows an answer held: each was kept, set aside, or said nothing. */
final class Tally {
    private long rows;
    private long ignored;

    void rows(long more) {
        rows += more;
    }

    void ignored(long more) {
        ignored += more;
    }

    long rows() {
        return rows;
    }

    /** Zeros of the future, equal twins, and rows added up into one. */
    long ignored() {
        return ignored;
    }
}
