package io.usagestream.dev.upstream.ledger;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** One day of costs: its interval, clipped to what was asked for, and its rows. */
public record CostBucket(Instant start, Instant end, List<Row> rows) {
    /**
     * One row.
     *
     * @param dimensions the values of the dimensions asked for
     * @param quantity only when grouped by line item
     * @param unit only when one unit applies to all of the row
     */
    public record Row(
            List<Optional<String>> dimensions,
            BigDecimal amount,
            Optional<BigDecimal> quantity,
            Optional<String> unit) {}
}
