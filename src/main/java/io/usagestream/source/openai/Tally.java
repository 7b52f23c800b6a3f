package io.usagestream.source.openai;

/** How many results a page held: each is a point, a twin of one, or set aside, alone or with its bucket. */
final class Tally {
    private long rows;
    private long twins;

    void rows(int more) {
        rows += more;
    }

    void twin() {
        twins++;
    }

    long rows() {
        return rows;
    }

    long twins() {
        return twins;
    }
}
