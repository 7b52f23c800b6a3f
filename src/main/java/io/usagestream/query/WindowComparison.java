package io.usagestream.query;

import io.usagestream.dedup.Admitted;
import io.usagestream.dedup.DayIndex;
import io.usagestream.dedup.EntityAdmission;
import io.usagestream.dedup.EventAdmission;
import io.usagestream.dedup.PointAdmission;
import io.usagestream.dedup.SeenIndex;
import io.usagestream.dedup.SeenRow;
import io.usagestream.dedup.Standing;
import io.usagestream.ingest.Complete;
import io.usagestream.ingest.Recall;
import io.usagestream.query.Difference.Kind;
import io.usagestream.source.StreamSettings;
import io.usagestream.source.StreamType.Shape;
import io.usagestream.stream.Bucket;
import io.usagestream.stream.Digest;
import io.usagestream.stream.Event;
import io.usagestream.stream.Ids;
import io.usagestream.stream.Measure;
import io.usagestream.stream.Point;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Window;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One window as upstream shows it against what the topics hold of it. What the service would publish after this read is what
 * differs: the same admission decides, so that nothing counts here that a repair would not mend. The sums are added up apart from
 * that, of every row on both sides.
 */
final class WindowComparison {
    /**
     * A row that differs.
     *
     * @param shown what upstream shows of it; empty when nothing
     */
    record Found(Kind kind, LocalDate day, Optional<Publication> shown, SortedMap<String, Measure> values) {}

    private final StreamSettings stream;
    private final SeenIndex held;
    private final Map<Digest, Found> found = new HashMap<>();
    /** Rows that the service understands and sets aside, with their days: not compared. */
    private final Map<Digest, LocalDate> setAside = new HashMap<>();

    private final SortedMap<String, BigDecimal> upstreamSums = new TreeMap<>();
    private final SortedMap<String, BigDecimal> heldSums = new TreeMap<>();
    private long upstreamRows;
    private long heldRows;
    private int quarantined;

    private WindowComparison(StreamSettings stream, SeenIndex held) {
        this.stream = stream;
        this.held = held;
    }

    /**
     * Compares.
     *
     * @param read the window, in as many parts as it took
     * @param held holds every day of it
     */
    static WindowComparison of(StreamSettings stream, Window window, List<Complete> read, SeenIndex held) {
        WindowComparison comparison = new WindowComparison(stream, held);
        read.forEach(comparison::add);
        if (stream.type().shape() == Shape.ENTITIES) { // none is ever gone: what is held beside them proves nothing
            comparison.heldRows = comparison.upstreamRows - comparison.count(Kind.MISSING);
        } else {
            for (DayIndex day : held.loaded()) {
                comparison.heldRows += day.live(window);
                day.sums(window).forEach((name, sum) -> comparison.heldSums.merge(name, sum, BigDecimal::add));
            }
            comparison.setAside.forEach(comparison::leaveOutHeld);
        }
        return comparison;
    }

    Map<Digest, Found> found() {
        return found;
    }

    long upstreamRows() {
        return upstreamRows;
    }

    long heldRows() {
        return heldRows;
    }

    SortedMap<String, BigDecimal> upstreamSums() {
        return upstreamSums;
    }

    SortedMap<String, BigDecimal> heldSums() {
        return heldSums;
    }

    int quarantined() {
        return quarantined;
    }

    /** Leaves rows out, on both sides. */
    void leaveOut(Collection<Digest> keys) {
        for (Digest key : keys) {
            Found row = found.remove(key);
            if (row != null) {
                subtract(upstreamSums, row.values());
                upstreamRows -= row.kind() == Kind.EXTRA ? 0 : 1;
                leaveOutHeld(key, row.day());
            }
        }
    }

    private void leaveOutHeld(Digest key, LocalDate date) {
        DayIndex day = held.day(date);
        if (day.isLive(key)) {
            day.values(key).ifPresent(values -> subtract(heldSums, values));
            heldRows--;
        }
    }

    private void add(Complete complete) {
        Standing standing = new Standing(stream.split(), complete.began(), Instant.EPOCH, day -> false);
        Admitted admitted = admit(complete, standing);
        Map<Digest, Publication> last = new HashMap<>();
        admitted.publications()
                .forEach(publication -> Recall.row(publication).ifPresent(row -> last.put(row.key(), publication)));
        for (SeenRow row : admitted.rows()) {
            LocalDate day = Window.dayOf(row.time());
            Kind kind = held.day(day).isLive(row.key()) ? Kind.DIFFERENT : Kind.MISSING;
            found.put(row.key(), new Found(kind, day, Optional.ofNullable(last.get(row.key())), row.values()));
        }
        admitted.vanished()
                .forEach((key, day) -> found.put(key, new Found(Kind.EXTRA, day, Optional.empty(), new TreeMap<>())));
        quarantined += admitted.quarantined();
    }

    private Admitted admit(Complete complete, Standing standing) {
        if (complete instanceof Complete.Buckets buckets) {
            Admitted admitted =
                    PointAdmission.admit(buckets.sweep(), held, standing, stream.publishZeroPoints(), Map.of());
            for (Bucket bucket : buckets.sweep().buckets()) {
                for (Point point : bucket.rows()) {
                    if (!isSetAside(point, admitted)) {
                        count(point);
                    }
                }
            }
            return admitted;
        } else if (complete instanceof Complete.Slice slice) {
            for (Event event : slice.slice().events()) {
                upstreamRows++;
                event.cost().ifPresent(cost -> add(upstreamSums, Event.COST, cost));
            }
            return EventAdmission.admit(slice.slice(), held, standing, Map.of());
        }
        Complete.Entities entities = (Complete.Entities) complete;
        upstreamRows += entities.page().entities().size();
        return EntityAdmission.admit(entities.page().entities(), entities.page().quarantined(), held, standing);
    }

    private boolean isSetAside(Point point, Admitted admitted) {
        if (admitted.quarantined() == 0) {
            return false;
        }
        Digest key = Digest.of(Ids.point(stream.split(), point));
        LocalDate day = Window.dayOf(point.start());
        boolean aside = admitted.quarantines(day, key);
        if (aside) {
            setAside.put(key, day);
        }
        return aside;
    }

    /** Upstream fills up with rows of zeros: those that were never published are no rows. */
    private void count(Point point) {
        boolean counts = !point.allZero()
                || stream.publishZeroPoints()
                || held.day(Window.dayOf(point.start())).isLive(Digest.of(Ids.point(stream.split(), point)));
        upstreamRows += counts ? 1 : 0;
        point.measures().forEach((name, measure) -> add(upstreamSums, name, measure));
    }

    private long count(Kind kind) {
        return found.values().stream().filter(row -> row.kind() == kind).count();
    }

    private static void add(Map<String, BigDecimal> sums, String name, Measure measure) {
        if (!measure.isZero()) {
            sums.merge(name + "/" + measure.unit(), measure.value(), BigDecimal::add);
        }
    }

    private static void subtract(Map<String, BigDecimal> sums, Map<String, Measure> values) {
        values.forEach((name, measure) ->
                sums.merge(name + "/" + measure.unit(), measure.value().negate(), BigDecimal::add));
    }
}
