package io.usagestream.dev.upstream.ledger;

import io.usagestream.stream.Grain;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;

/**
 * One row of one bucket as a perfect reader would know it, in no provider's form.
 *
 * @param start on the grid; of consumption, the start of its window
 * @param dimensions by name; empty where upstream says null
 * @param measures by name; what upstream gives as null is not there
 */
public record TrueRow(
        Instant start,
        Grain grain,
        SortedMap<String, Optional<String>> dimensions,
        SortedMap<String, Quantity> measures) {}
