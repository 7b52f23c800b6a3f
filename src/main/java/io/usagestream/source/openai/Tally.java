package io.usagestream.source.openai;

/** What of a page became no point and was not set aside either: results that equal another of their bucket. */
final class Tally {
    private long twins;

    void twin() {
        twins++;
    }

    long twins() {
        return twins;
    }
}
