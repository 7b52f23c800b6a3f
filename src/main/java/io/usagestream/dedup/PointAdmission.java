package io.usagestream.dedup;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.usagestream.stream.Bucket;
import io.usagestream.stream.ByName;
import io.usagestream.stream.Digest;
import io.usagestream.stream.DigestText;
import io.usagestream.stream.Finality;
import io.usagestream.stream.Grain;
import io.usagestream.stream.Ids;
import io.usagestream.stream.Measure;
import io.usagestream.stream.Measures;
import io.usagestream.stream.Point;
import io.usagestream.stream.Publication.PointRevision;
import io.usagestream.stream.Quarantined;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Utf8;
import io.usagestream.stream.Window;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Admits the points of a complete sweep: what is new or changed becomes a revision with exact deltas, what is gone a retraction.
 *
 * <p>A row counts as unchanged when its content is what was published last, where a measure that was published as zero and one
 * that is absent say the same. Otherwise consumers would get a revision that differs in nothing.
 */
public final class PointAdmission {
    private final SeenIndex index;
    private final Standing standing;
    private final boolean publishZeros;
    private final Map<Digest, Utf8> confirmed;
    private final SumNames sums;
    private final Admitted admitted = new Admitted();
    private final Map<LocalDate, BitSet> shown = new HashMap<>();
    private Optional<Place> last = Optional.empty();

    /** What ids end with: most buckets show the same dimensions. */
    private final Map<ByName<Optional<String>>, byte[]> idsEnds = new HashMap<>();

    /** What the rows of one bucket have in common. */
    @SuppressWarnings("ArrayRecordComponent") // compared nowhere
    private record Place(
            Instant start, Grain grain, LocalDate date, byte[] begin, Finality finality, boolean restates) {}

    private PointAdmission(SeenIndex index, Standing standing, boolean publishZeros, Map<Digest, Utf8> confirmed) {
        this.index = index;
        this.standing = standing;
        this.publishZeros = publishZeros;
        this.confirmed = confirmed;
        this.sums = new SumNames(index);
    }

    /**
     * Admits a sweep.
     *
     * @param index holds every day of the sweep's window
     * @param publishZeros whether rows of zeros are published although their key was not
     * @param confirmed ids of the keys that an earlier complete sweep, too, showed to be gone: they are retracted if this one agrees
     */
    public static Admitted admit(
            Sweep sweep, SeenIndex index, Standing standing, boolean publishZeros, Map<Digest, Utf8> confirmed) {
        PointAdmission admission = new PointAdmission(index, standing, publishZeros, confirmed);
        for (Bucket bucket : sweep.buckets()) {
            bucket.rows().forEach(point -> admission.row(sweep, point));
            bucket.quarantined().forEach(row -> admission.quarantine(row, sweep));
        }
        sweep.loose().forEach(row -> admission.quarantine(row, sweep));
        admission.admitted.settleMarks(sweep.window(), index, sweep::shows);
        sweep.window().days().forEach(day -> admission.gone(day, sweep));
        return admission.admitted;
    }

    private void quarantine(Quarantined row, Sweep sweep) {
        admitted.quarantine(row, sweep.window(), index, standing);
    }

    private void row(Sweep sweep, Point point) {
        Place place = place(point);
        byte[] end = idsEnds.computeIfAbsent(
                point.dimensions(), dimensions -> Ids.dimensions(dimensions).getBytes(UTF_8));
        Utf8 id = Utf8.of(place.begin, end);
        Digest key = DigestText.begin().add(id).digest();
        if (id.length() > Ids.MAX_BYTES) {
            String detail = "the record's id would have " + id.length() + " bytes, more than " + Ids.MAX_BYTES;
            refuse(key, point, Reason.ID_TOO_LONG, detail, sweep);
            return;
        }
        DayIndex day = index.day(place.date);
        int row = day.find(key);
        if (row < 0) {
            if (point.allZero() && !publishZeros) {
                admitted.unchangedRow();
            } else if (!sums.take(place.date, point.measures())) {
                refuseForItsSums(key, point, sweep);
            } else {
                publish(id, 1, point, place, point.measures(), ByName.empty());
                admitted.freshRow(seen(key, 1, point, point.measures(), id), place.restates);
            }
            return;
        }
        shown.computeIfAbsent(place.date, d -> new BitSet()).set(row);
        if (unchanged(day, row, point.measures())) {
            admitted.unchangedRow();
        } else if (!sums.take(place.date, point.measures())) {
            refuseForItsSums(key, point, sweep);
        } else {
            revise(day, row, key, id, point, place);
        }
    }

    private void refuseForItsSums(Digest key, Point point, Sweep sweep) {
        String detail = "with this row its day would have more than " + SumNames.MAX + " names and units of numbers";
        refuse(key, point, Reason.OVERFLOW, detail, sweep);
    }

    /** Sets aside a row that was understood. */
    private void refuse(Digest key, Point point, Reason reason, String detail, Sweep sweep) {
        quarantine(new Quarantined(reason, detail, "", Optional.empty(), key, Optional.of(point.start())), sweep);
    }

    /** Rows of one bucket come together. */
    private Place place(Point point) {
        if (last.isEmpty()
                || !last.get().start.equals(point.start())
                || !last.get().grain.equals(point.grain())) {
            last = Optional.of(new Place(
                    point.start(),
                    point.grain(),
                    Window.dayOf(point.start()),
                    Ids.bucket(standing.split(), point.grain(), point.start()).getBytes(UTF_8),
                    standing.finality(point.end()),
                    standing.restates(point.start())));
        }
        return last.get();
    }

    private static boolean unchanged(DayIndex day, int row, Measures measures) {
        if (day.hasContent(row, PublishedContent.of(measures, false))) {
            return true;
        }
        Measures withZeros = withZeros(measures, day.values(row), Measure::isZero);
        return withZeros.size() > measures.size() && day.hasContent(row, PublishedContent.of(withZeros, false));
    }

    private void revise(DayIndex day, int row, Digest key, Utf8 id, Point point, Place place) {
        Measures before = day.values(row);
        int revision = day.revision(row);
        // those that were there with another value and are not any more are published once more, with zero
        Measures now = withZeros(point.measures(), before, m -> !m.isZero());
        Measures bridge = oldUnitsToZero(now, before);
        if (!bridge.equals(now) && !day.hasContent(row, PublishedContent.of(bridge, false))) {
            publish(id, ++revision, point, place, bridge, deltas(bridge, before));
            before = bridge;
        }
        publish(id, ++revision, point, place, now, deltas(now, before));
        admitted.revisedRow(seen(key, revision, point, now, id), place.restates);
    }

    /** The measures, and with zero those of before that they lack, as far as they are of a kind. */
    private static Measures withZeros(Measures measures, Measures before, Predicate<Measure> kind) {
        Measures.Builder all = new Measures.Builder();
        measures.forEach(all::put);
        before.forEach((name, m) -> {
            if (!all.contains(name) && kind.test(m)) {
                all.put(name, zero(m));
            }
        });
        return all.build();
    }

    /** The measures, but those whose unit changed at zero in the old unit: a delta must not mix units. */
    private static Measures oldUnitsToZero(Measures now, Measures before) {
        return now.map((name, m) -> {
            Measure old = before.get(name);
            return old == null || old.isZero() || old.unit().equals(m.unit()) ? m : zero(old);
        });
    }

    /** Retracts what is gone and was gone before; notes what is gone for the first time. */
    private void gone(LocalDate date, Sweep sweep) {
        DayIndex day = index.day(date);
        BitSet here = shown.getOrDefault(date, new BitSet());
        for (int row = 0; row < day.size(); row++) {
            if (here.get(row) || day.retracted(row) || !sweep.proves(day.time(row))) {
                continue;
            }
            Digest key = day.key(row);
            admitted.vanish(key, date);
            Utf8 id = confirmed.get(key);
            if (id != null) {
                retract(day, row, key, id);
            }
        }
    }

    private void retract(DayIndex day, int row, Digest key, Utf8 id) {
        Ids.PointName name = Ids.parsePoint(id.toString());
        Point point = new Point(name.start(), name.grain(), name.dimensions(), Measures.empty());
        Measures before = day.values(row);
        Measures zeros = before.map((n, m) -> zero(m));
        int revision = day.revision(row) + 1;
        boolean restates = standing.restates(point.start());
        Finality finality = standing.finality(point.end());
        admitted.publish(revision(id, revision, point, finality, restates, zeros, deltas(zeros, before), true));
        Digest content = PublishedContent.of(zeros, true);
        admitted.retractedRow(new SeenRow(key, content, revision, true, point.start(), zeros, id), restates);
    }

    private void publish(
            Utf8 id, int revision, Point point, Place place, Measures measures, ByName<BigDecimal> deltas) {
        admitted.publish(revision(id, revision, point, place.finality, place.restates, measures, deltas, false));
    }

    private PointRevision revision(
            Utf8 id,
            int revision,
            Point point,
            Finality finality,
            boolean restates,
            Measures measures,
            ByName<BigDecimal> deltas,
            boolean retracted) {
        return new PointRevision(
                standing.split(),
                id,
                revision,
                point.start(),
                point.grain(),
                point.dimensions(),
                measures,
                deltas,
                finality,
                restates,
                retracted,
                standing.observedAt());
    }

    private static SeenRow seen(Digest key, int revision, Point point, Measures values, Utf8 id) {
        return new SeenRow(key, PublishedContent.of(values, false), revision, false, point.start(), values, id);
    }

    /** The differences to what was there before in the same unit; that of what was not is its value. */
    private static ByName<BigDecimal> deltas(Measures now, Measures before) {
        ByName.Builder<BigDecimal> deltas = new ByName.Builder<>();
        now.forEach((name, m) -> {
            Measure old = before.get(name);
            if (old != null && sameUnit(old, m)) {
                deltas.put(name, Measure.plain(m.value().subtract(old.value())));
            }
        });
        return deltas.build();
    }

    /** Whether a delta between them is a number of one unit; zero is zero in any. */
    private static boolean sameUnit(Measure old, Measure now) {
        return old.isZero() || old.unit().equals(now.unit());
    }

    private static Measure zero(Measure measure) {
        return new Measure(BigDecimal.ZERO, measure.unit(), Optional.empty());
    }
}
