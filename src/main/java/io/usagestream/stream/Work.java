package io.usagestream.stream;

import java.util.Optional;
import java.util.Set;

/**
 * Work asked of the owner of a source's splits.
 *
 * @param stream one stream, or all of the source
 * @param finished names of the splits whose owner has committed that nothing is left to do
 */
public record Work(String id, Kind kind, String source, Optional<String> stream, Window window, Set<String> finished) {
    /** What is asked. */
    public enum Kind {
        /** Read older history. */
        BACKFILL,
        /** Publish differences as restatements. */
        REPAIR
    }
}
