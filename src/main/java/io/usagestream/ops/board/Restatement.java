package io.usagestream.ops.board;

import io.usagestream.stream.Publication.PointRevision;
import io.usagestream.stream.Split;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** A row of a closed day that changed, with the amounts that changed. */
record Restatement(
        Split split,
        Instant at,
        Instant bucket,
        String grain,
        int revision,
        boolean retracted,
        SortedMap<String, Optional<String>> dimensions,
        List<Amount> amounts) {
    /** One number before and after. */
    record Amount(String measure, String unit, BigDecimal before, BigDecimal now, BigDecimal delta) {}

    static Restatement of(PointRevision point, Instant at) {
        List<Amount> amounts = point.changes().entrySet().stream()
                .filter(e -> e.getValue().delta().signum() != 0)
                .map(Restatement::amount)
                .toList();
        return new Restatement(
                point.split(),
                at,
                point.start(),
                point.grain().toString(),
                point.revision(),
                point.retracted(),
                point.dimensions(),
                amounts);
    }

    private static Amount amount(Map.Entry<String, io.usagestream.stream.Publication.Change> measure) {
        BigDecimal now = measure.getValue().now().value();
        BigDecimal delta = measure.getValue().delta();
        return new Amount(measure.getKey(), measure.getValue().now().unit(), now.subtract(delta), now, delta);
    }
}
