package io.usagestream.source.scenario;

import io.usagestream.source.Clocks;
import io.usagestream.source.json.Bad;
import io.usagestream.source.json.Quarantine;
import io.usagestream.stream.Bucket;
import io.usagestream.stream.ByName;
import io.usagestream.stream.Grain;
import io.usagestream.stream.Point;
import io.usagestream.stream.Quarantined;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lays the points of all series of a section on the window's grid: one bucket a place, with or without rows. */
final class Grid {
    private final Section section;
    private final Window window;
    private final Grain grain;
    private final Clocks clocks;
    private final Quarantine quarantine;
    private final List<Place> places;
    private final List<Quarantined> loose = new ArrayList<>();

    /** The points of one place by name: the first of each, and those that follow it. */
    private static final class Place {
        final Map<String, SeriesPoint> first = new HashMap<>();
        final List<SeriesPoint> order = new ArrayList<>();
        final Map<String, List<SeriesPoint>> further = new HashMap<>();
    }

    Grid(Section section, Window window, Grain grain, Clocks clocks, Quarantine quarantine) {
        this.section = section;
        this.window = window;
        this.grain = grain;
        this.clocks = clocks;
        this.quarantine = quarantine;
        this.places = new ArrayList<>(Collections.nCopies((int) window.length().dividedBy(grain.width()), null));
        places.replaceAll(nothing -> new Place());
    }

    /** Lays a point. */
    void lay(SeriesPoint point) {
        if (point.time().isAfter(clocks.latest()) && point.allZero()) {
            return; // upstream fills what is still to come
        }
        if (clocks.isFuture(point.time())) {
            loose.add(aside(Reason.TIME_OUT_OF_RANGE, "a point of the future that is not zero", point, window.from()));
        } else if (!window.contains(point.time())) {
            loose.add(aside(Reason.BUCKET_OUT_OF_WINDOW, "a point outside the window asked for", point, window.from()));
        } else if (!grain.aligned(point.time())) {
            loose.add(aside(
                    Reason.BUCKET_MISALIGNED, "a point that is not on the grid", point, grain.floor(point.time())));
        } else {
            Duration after = Duration.between(window.from(), point.time());
            add(places.get((int) (after.toMillis() / grain.width().toMillis())), point);
        }
    }

    private void add(Place place, SeriesPoint point) {
        if (place.first.putIfAbsent(point.name(), point) == null) {
            place.order.add(point);
        } else {
            place.further.computeIfAbsent(point.name(), n -> new ArrayList<>()).add(point);
        }
    }

    /** All buckets of the window, in order. */
    List<Bucket> buckets() {
        List<Bucket> buckets = new ArrayList<>(places.size());
        Instant start = window.from();
        for (Place place : places) {
            buckets.add(bucket(start, place));
            start = start.plus(grain.width());
        }
        return buckets;
    }

    /** Points that belong to no bucket. */
    List<Quarantined> loose() {
        return loose;
    }

    private Bucket bucket(Instant start, Place place) {
        List<Point> rows = new ArrayList<>(place.order.size());
        List<Quarantined> quarantined = new ArrayList<>();
        for (SeriesPoint point : place.order) {
            List<SeriesPoint> others = place.further.getOrDefault(point.name(), List.of());
            if (others.isEmpty() || agree(point, others)) {
                rows.add(new Point(start, grain, dimensions(point.name()), point.measures()));
            } else {
                quarantined.add(duplicate(point, start));
                others.forEach(other -> quarantined.add(duplicate(other, start)));
            }
        }
        return new Bucket(start, start.plus(grain.width()), rows, quarantined);
    }

    /** An equal twin says nothing new. */
    private static boolean agree(SeriesPoint point, List<SeriesPoint> others) {
        for (SeriesPoint other : others) {
            if (!other.measures().equals(point.measures())) {
                return false;
            }
        }
        return true;
    }

    private ByName<Optional<String>> dimensions(String name) {
        return ByName.of(section.dimension(), Optional.of(name));
    }

    private Quarantined duplicate(SeriesPoint point, Instant start) {
        return aside(Reason.DUPLICATE_KEY, "two points of one name and time with different numbers", point, start);
    }

    private Quarantined aside(Reason reason, String detail, SeriesPoint point, Instant time) {
        Bad bad = new Bad(reason, "", detail, point.from(), point.to());
        return quarantine.of(bad, point.name(), point.pointer(), Optional.of(time));
    }
}
