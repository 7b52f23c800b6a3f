package io.usagestream.sink;

import io.usagestream.stream.Window;
import java.util.Optional;

/**
 * Work asked of the owner of a source's splits.
 *
 * @param stream one stream, or all of the source
 */
public record Work(String id, Kind kind, String source, Optional<String> stream, Window window) {
    /** What is asked. */
    public enum Kind {
        /** Read older history. */
        BACKFILL,
        /** Publish differences as restatements. */
        REPAIR
    }
}
