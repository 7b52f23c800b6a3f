package io.usagestream.source.scenario;

/** What of an answer became no point and was not set aside either: zeros of the future, equal twins, rows added up into one. */
final class Tally {
    private long ignored;

    void ignored(long more) {
        ignored += more;
    }

    long ignored() {
        return ignored;
    }
}
