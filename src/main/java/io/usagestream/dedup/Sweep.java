package io.usagestream.dedup;

import io.usagestream.stream.Bucket;
import io.usagestream.stream.Grain;
import io.usagestream.stream.Quarantined;
import io.usagestream.stream.Window;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * One window of buckets, read to its last page.
 *
 * @param began when its first request was sent, in upstream's time
 * @param buckets by start, each once
 * @param loose quarantined rows and buckets that belong to no bucket
 * @param unreliable starts of buckets whose absent rows prove nothing: with quarantined rows, or missing themselves
 * @param inconclusive whether absence proves nothing anywhere: no bucket at all, or rows that belong to none were quarantined
 * @param missing number of buckets of the closed time that were not there
 * @param ignoredGrouping whether a dimension that was asked for was null in every row
 */
public record Sweep(
        Window window,
        Instant began,
        Grain grain,
        List<Bucket> buckets,
        List<Quarantined> loose,
        Set<Instant> unreliable,
        boolean inconclusive,
        int missing,
        boolean ignoredGrouping) {
    /** Whether it showed a row that was understood. */
    public boolean showsRows() {
        return buckets.stream().anyMatch(bucket -> !bucket.rows().isEmpty());
    }

    /** Whether the bucket that holds a time was there. */
    boolean shows(Instant time) {
        Instant start = grain.floor(time);
        return buckets.stream().anyMatch(bucket -> bucket.start().equals(start));
    }

    /** Whether a row of the bucket that starts then, were it absent, would be gone. */
    boolean proves(Instant start) {
        return !inconclusive && window.contains(start) && !unreliable.contains(start);
    }
}
