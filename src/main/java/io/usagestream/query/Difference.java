package io.usagestream.query;

import java.util.SortedMap;

/**
 * One row that upstream and the topics do not agree on.
 *
 * @param id the record's id
 * @param upstream what upstream shows, by field: {@code amount} is {@code 12.5 usd}; empty when it shows no such row
 * @param held what the topics hold, likewise
 */
public record Difference(Kind kind, String id, SortedMap<String, String> upstream, SortedMap<String, String> held) {
    /** On which side the row is. */
    public enum Kind {
        /** Upstream shows it, the topics do not hold it. */
        MISSING,
        /** The topics hold it, upstream shows it no more. */
        EXTRA,
        /** Both have it, with other values. */
        DIFFERENT
    }
}
