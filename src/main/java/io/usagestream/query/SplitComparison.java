package io.usagestream.query;

import io.usagestream.stream.Reason;
import io.usagestream.stream.Split;
import io.usagestream.stream.Window;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What comparing one split came to.
 *
 * @param window what was read, in whole buckets; empty when the range holds nothing to read yet
 * @param upstream number of rows that upstream shows; rows of zeros that were never published do not count
 * @param held number of live rows that the topics hold
 * @param differences in the order of their ids
 * @param sums by {@code <measure>/<unit>}
 * @param moving rows that upstream, or the service, was changing while they were compared: not counted on either side
 * @param quarantined rows that upstream shows and the service sets aside: not compared
 * @param failure why upstream could not be read to the end
 */
public record SplitComparison(
        Split split,
        Optional<Window> window,
        long upstream,
        long held,
        List<Difference> differences,
        SortedMap<String, Sum> sums,
        int moving,
        int quarantined,
        Optional<Failure> failure) {
    /** One measure's sum on both sides. */
    public record Sum(BigDecimal upstream, BigDecimal held) {
        public boolean isEqual() {
            return upstream.compareTo(held) == 0;
        }
    }

    /** Why upstream could not be read. */
    public record Failure(Reason reason, String message) {}

    /** Whether the topics hold what upstream shows, as far as that can be said. */
    public boolean isEqual() {
        return differences.isEmpty()
                && failure.isEmpty()
                && sums.values().stream().allMatch(Sum::isEqual);
    }
}
