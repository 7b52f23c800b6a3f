package io.usagestream.ingest;

import io.usagestream.checkpoint.Segment;
import io.usagestream.checkpoint.SegmentName;
import io.usagestream.sink.Batch;
import io.vertx.core.Future;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Segments of open days that a lane's session committed lately: what closes a day, or merges its segments, has them at hand and
 * need not wait for the log. Bounded; what was let go of is read back from its place.
 */
final class RecentSegments {
    /** Bytes of segments that are kept at most. */
    static final int ROOM = 512 * 1024;

    private final Map<SegmentName, Segment> kept = new LinkedHashMap<>();
    private int bytes;

    /** Keeps what a batch that was committed holds of days that are open after it, and forgets what it dropped. */
    void committed(Batch batch) {
        batch.dropped().forEach(this::forget);
        LocalDate open = batch.checkpoint().closedUntil();
        batch.segments().stream().filter(s -> !s.name().day().isBefore(open)).forEach(this::keep);
    }

    /** The segments of these places, oldest first: those that are kept, and from the log the others. */
    Future<List<Segment>> load(
            Map<SegmentName, Long> places, Function<Map<SegmentName, Long>, Future<List<Segment>>> log) {
        List<Segment> found = new ArrayList<>();
        Map<SegmentName, Long> missing = new HashMap<>();
        places.forEach((name, place) ->
                Optional.ofNullable(kept.get(name)).ifPresentOrElse(found::add, () -> missing.put(name, place)));
        return missing.isEmpty()
                ? Future.succeededFuture(sorted(found))
                : log.apply(missing).map(loaded -> {
                    found.addAll(loaded);
                    return sorted(found);
                });
    }

    private static List<Segment> sorted(List<Segment> segments) {
        return segments.stream()
                .sorted(Comparator.comparingLong(segment -> segment.name().number()))
                .toList();
    }

    private void keep(Segment segment) {
        kept.put(segment.name(), segment);
        bytes += segment.content().length;
        Iterator<Segment> oldest = kept.values().iterator();
        while (bytes > ROOM) {
            bytes -= oldest.next().content().length;
            oldest.remove();
        }
    }

    private void forget(SegmentName name) {
        Optional.ofNullable(kept.remove(name)).ifPresent(gone -> bytes -= gone.content().length);
    }
}
