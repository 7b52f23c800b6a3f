package io.usagestream.stream;

import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/**
 * Work asked of the owner of a source's splits.
 *
 * @param stream one stream, or all of the source
 * @param finished names of the splits whose owner has committed that nothing is left to do
 */
public record Work(String id, Kind kind, String source, Optional<String> stream, Window window, Set<String> finished) {
    /** Whether the owner of a split is asked for it. */
    public boolean isFor(Split split) {
        return source.equals(split.source())
                && stream.map(split.stream()::equals).orElse(true);
    }

    /** Whether nothing is left to do of it for the owners of some splits. */
    public boolean isOverFor(Collection<Split> splits) {
        return splits.stream().filter(this::isFor).map(Split::name).allMatch(finished::contains);
    }

    /** What is asked. */
    public enum Kind {
        /** Read older history. */
        BACKFILL,
        /** Publish differences as restatements. */
        REPAIR
    }
}
