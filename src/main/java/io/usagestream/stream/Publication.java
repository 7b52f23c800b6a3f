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

    /** The event time: when what it says took place or began, of a day when it was over; of what has no such time, {@link #observedAt}. */
    default Instant time() {
        return observedAt();
    }

    /** Whether what it says is of that time: by its event time, a period by its day, a quarantined row by the window that was read. */
    default boolean isOf(Window window) {
        return window.contains(time());
    }

    /** From 1; of what is published once, or says what is true now, always 1. */
    default int revision() {
        return 1;
    }

    /** A number now and its difference to the revision before. */
    record Change(Measure now, BigDecimal delta) {}

    /**
     * A point as its n-th revision; its id is the record's key.
     *
     * @param deltas by name the difference of a measure to the revision before, where it is not the measure's value: so is that of
     *     one that is there for the first time
     */
    record PointRevision(
            Split split,
            Utf8 key,
            int revision,
            Instant start,
            Grain grain,
            ByName<Optional<String>> dimensions,
            Measures measures,
            ByName<BigDecimal> deltas,
            Finality finality,
            boolean restated,
            boolean retracted,
            Instant observedAt)
            implements Publication {
        public PointRevision {
            deltas = deltas.isEmpty() ? deltas : others(deltas, measures);
        }

        private static ByName<BigDecimal> others(ByName<BigDecimal> deltas, Measures measures) {
            ByName.Builder<BigDecimal> others = new ByName.Builder<>();
            deltas.forEach((name, delta) -> {
                Measure now = measures.get(name);
                if (now == null) {
                    throw new IllegalArgumentException("a difference without a measure: " + name);
                }
                if (!delta.equals(now.value())) {
                    others.put(name, delta);
                }
            });
            return others.build();
        }

        /** The measures with their differences. */
        public SortedMap<String, Change> changes() {
            ByName.Builder<Change> changes = new ByName.Builder<>();
            measures.forEach((name, measure) ->
                    changes.put(name, new Change(measure, deltas.getOrDefault(name, measure.value()))));
            return changes.build();
        }

        /** The key as text. */
        public String id() {
            return key.toString();
        }

        @Override
        public Instant time() {
            return start;
        }
    }

    /** An event as its n-th revision. */
    record EventRevision(Split split, String id, int revision, Event event, boolean retracted, Instant observedAt)
            implements Publication {
        @Override
        public Instant time() {
            return event.time();
        }
    }

    /** An entity, new or changed. */
    record EntityChange(Split split, String id, Entity entity, Instant observedAt) implements Publication {}

    /** A row set aside. */
    record QuarantinedRow(Split split, String id, Quarantined row, Window window, Instant observedAt)
            implements Publication {
        /** Its own time is not published: it may be any of the window that was read. */
        @Override
        public boolean isOf(Window other) {
            return window.from().isBefore(other.to()) && other.from().isBefore(window.to());
        }
    }

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
            implements Publication {
        @Override
        public Instant time() {
            return Window.of(day).to();
        }

        @Override
        public boolean isOf(Window window) {
            return window.contains(Window.startOf(day));
        }
    }
}
