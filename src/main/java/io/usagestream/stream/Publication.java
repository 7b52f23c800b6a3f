package io.usagestream.stream;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.SortedMap;

/** One record for the world, before it is put into words. */
public sealed interface Publication {
    Split split();

    /** When the read that showed it began. */
    Instant observedAt();

    /** A number now and its difference to the revision before. */
    record Change(Measure now, BigDecimal delta) {}

    /** A point as its n-th revision; its id is the record's key. */
    record PointRevision(
            Split split,
            Utf8 key,
            int revision,
            Instant start,
            Grain grain,
            SortedMap<String, Optional<String>> dimensions,
            SortedMap<String, Change> measures,
            Finality finality,
            boolean restated,
            boolean retracted,
            Instant observedAt)
            implements Publication {
        public PointRevision {
            dimensions = ByName.of(dimensions);
            measures = ByName.of(measures);
        }

        /** The key as text. */
        public String id() {
            return key.toString();
        }
    }

    /** An event as its n-th revision. */
    record EventRevision(Split split, String id, int revision, Event event, boolean retracted, Instant observedAt)
            implements Publication {}

    /** An entity, new or changed. */
    record EntityChange(Split split, String id, Entity entity, Instant observedAt) implements Publication {}

    /** A row set aside. */
    record QuarantinedRow(Split split, String id, Quarantined row, Window window, Instant observedAt)
            implements Publication {}

    /** How far a split is. */
    record Progress(
            Split split,
            SplitState state,
            Optional<Reason> reason,
            Instant frontier,
            Instant watermark,
            Optional<Instant> lastSuccessAt,
            Optional<Instant> sweptAt,
            Duration lookback,
            Optional<Duration> observedLookback,
            Instant observedAt)
            implements Publication {}

    /** A UTC day of a split, final. */
    record Period(
            Split split,
            LocalDate day,
            int revision,
            long rows,
            SortedMap<String, BigDecimal> sums,
            SortedMap<String, BigDecimal> deltas,
            long quarantined,
            Digest digest,
            Instant observedAt)
            implements Publication {}
}
