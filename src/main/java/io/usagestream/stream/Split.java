package io.usagestream.stream;

/**
 * One stream of one source: the unit of progress, written {@code source/stream}.
 *
 * @param provider what kind of upstream the source is: {@code openai}, {@code scenario}
 * @param source the configured name of the upstream account
 * @param stream the kind of record: {@code completions}, {@code costs}, {@code activity} …
 */
public record Split(String provider, String source, String stream) implements Comparable<Split> {
    /** The name that users see and that keys its records in {@code progress}: {@code source/stream}. */
    public String name() {
        return source + "/" + stream;
    }

    @Override
    public int compareTo(Split other) {
        return name().compareTo(other.name());
    }

    @Override
    public String toString() {
        return name();
    }
}
