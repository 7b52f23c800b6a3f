package io.usagestream.stream;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** One response, decoded and validated by itself. */
public sealed interface Page {
    /** Upstream's clock when it answered ({@code Date}), where it said so. */
    Optional<Instant> upstreamNow();

    /**
     * A page of buckets.
     *
     * @param grain the grain that the answer has: asked for, or chosen by upstream; where upstream chooses, a page without buckets
     *     tells none and has the window's length
     * @param more whether upstream says that there is more
     * @param cursor where upstream says that it continues
     * @param ignoredGrouping whether a dimension that was asked for is null in every row
     */
    record Buckets(
            Optional<Instant> upstreamNow,
            Grain grain,
            List<Bucket> buckets,
            List<Quarantined> quarantined,
            boolean more,
            Optional<String> cursor,
            boolean ignoredGrouping)
            implements Page {}

    /** A page of an offset log, in upstream's order, unfiltered. */
    record Log(Optional<Instant> upstreamNow, List<LogRow> rows) implements Page {}

    /** A page of entities. */
    record Entities(Optional<Instant> upstreamNow, List<Entity> entities, List<Quarantined> quarantined)
            implements Page {}
}
