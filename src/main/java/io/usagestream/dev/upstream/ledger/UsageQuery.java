package io.usagestream.dev.upstream.ledger;

import io.usagestream.stream.Grain;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is asked of one meter.
 *
 * @param groupBy dimensions, in the order in which rows give them
 * @param filters values that are let through, by dimension; a dimension that is not there lets all through
 * @param from inclusive, in whole seconds; the first bucket is clipped to it
 * @param to exclusive, in whole seconds; the last bucket is clipped to it
 */
public record UsageQuery(
        int account,
        Meter meter,
        Grain grain,
        List<String> groupBy,
        Map<String, Set<String>> filters,
        Instant from,
        Instant to) {
    boolean admits(Usage usage) {
        for (var filter : filters.entrySet()) {
            Optional<String> value = usage.dimension(filter.getKey());
            if (value.isEmpty() || !filter.getValue().contains(value.get())) {
                return false;
            }
        }
        return true;
    }
}
