package io.usagestream.dev.upstream.ledger;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** One bucket of usage: its interval, clipped to what was asked for, and its rows. */
public record UsageBucket(Instant start, Instant end, List<Row> rows) {
    /** One row: the values of the dimensions asked for, and the sums of the meter's measures. */
    public static final class Row {
        private final List<Optional<String>> dimensions;
        private final long[] measures;

        Row(List<Optional<String>> dimensions, long[] measures) {
            this.dimensions = dimensions;
            this.measures = measures;
        }

        public List<Optional<String>> dimensions() {
            return dimensions;
        }

        public long measure(int index) {
            return measures[index];
        }
    }
}
