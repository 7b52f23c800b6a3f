package io.usagestream.ingest;

import io.usagestream.checkpoint.Segment;
import io.usagestream.checkpoint.SegmentName;
import io.usagestream.checkpoint.SplitCheckpoint;
import io.usagestream.envelope.RecordType;
import io.usagestream.sink.Batch;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Publication.Period;
import io.usagestream.stream.Publication.PointRevision;
import io.usagestream.stream.Publication.QuarantinedRow;
import io.usagestream.stream.Split;
import io.usagestream.stream.Window;
import io.usagestream.stream.WorkStatus;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/** A lane that commits at once and keeps what is committed, as the topics do. */
final class KeepingLane extends NoLane {
    private final List<Publication> publications = new ArrayList<>();
    private final List<SplitCheckpoint> checkpoints = new ArrayList<>();
    private final List<WorkStatus> statuses = new ArrayList<>();
    private final Map<SegmentName, Segment> segments = new HashMap<>();

    KeepingLane() {
        this(new WindowSlots(4));
    }

    KeepingLane(WindowSlots slots) {
        super(slots);
    }

    /** All that was published of a kind, in order. */
    <P extends Publication> List<P> published(Class<P> kind) {
        return publications.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    List<SplitCheckpoint> checkpoints() {
        return checkpoints;
    }

    List<WorkStatus> statuses() {
        return statuses;
    }

    /** How many segments the state topic would hold after compaction. */
    int segments() {
        return segments.size();
    }

    /** What somebody else has published. */
    void add(Publication publication) {
        publications.add(publication);
    }

    /** Retention takes records away. */
    void forget(Predicate<Publication> old) {
        publications.removeIf(old);
    }

    @Override
    public Future<Map<SegmentName, Long>> commit(Batch batch) {
        publications.addAll(batch.publications());
        checkpoints.add(batch.checkpoint());
        statuses.addAll(batch.statuses());
        Map<SegmentName, Long> places = new HashMap<>();
        batch.segments().forEach(segment -> {
            segments.put(segment.name(), segment);
            places.put(segment.name(), segment.name().number());
        });
        batch.dropped().forEach(segments::remove);
        return Future.succeededFuture(places);
    }

    @Override
    public Future<List<Segment>> load(Map<SegmentName, Long> places) {
        return Future.succeededFuture(places.keySet().stream()
                .map(name -> Objects.requireNonNull(segments.get(name), () -> "dropped and asked for: " + name))
                .toList());
    }

    @Override
    public Future<List<Publication>> published(Split split, RecordType type, Window window) {
        Map<Object, Publication> last = new LinkedHashMap<>();
        publications.stream()
                .filter(p -> RecordType.of(p) == type && p.split().equals(split) && p.isOf(window))
                .forEach(p -> last.put(key(p), p));
        return Future.succeededFuture(List.copyOf(last.values()));
    }

    private static Object key(Publication publication) {
        if (publication instanceof PointRevision point) {
            return point.key();
        } else if (publication instanceof Period period) {
            return period.day();
        } else if (publication instanceof QuarantinedRow row) {
            return row.id();
        }
        throw new AssertionError("not read back: " + publication);
    }
}
