package io.usagestream.ingest;

import io.usagestream.checkpoint.PeriodFold;
import io.usagestream.checkpoint.Segment;
import io.usagestream.checkpoint.SegmentName;
import io.usagestream.checkpoint.SegmentReader;
import io.usagestream.dedup.SeenMark;
import io.usagestream.envelope.RecordType;
import io.usagestream.ingest.ReadFailure.Severity;
import io.usagestream.plan.Task;
import io.usagestream.sink.SinkException;
import io.usagestream.sink.SinkFailure;
import io.usagestream.stream.Digest;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Publication.Period;
import io.usagestream.stream.Publication.QuarantinedRow;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Utf8;
import io.usagestream.stream.Window;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The days of the index that one window needs: those that are not held on the heap are brought there for as long as it takes, from
 * their segments, or below the floor from the data topic.
 */
final class WindowDays {
    private final SplitMemory memory;
    private final LaneCommits lane;
    private final Ticker ticker;

    WindowDays(SplitMemory memory, LaneCommits lane, Ticker ticker) {
        this.memory = memory;
        this.lane = lane;
        this.ticker = ticker;
    }

    /** Brings the days of a task's window onto the heap that are not held there. */
    Future<Void> bring(Task task) {
        Window window = task.window();
        Map<SegmentName, Long> places = new HashMap<>();
        List<LocalDate> recalled = new ArrayList<>();
        LocalDate floor = Window.dayOf(memory.floor());
        window.days().filter(day -> !memory.index().holds(day)).forEach(day -> {
            memory.index().bring(day);
            if (day.isBefore(floor)) {
                recalled.add(day);
            } else {
                places.putAll(memory.segments().of(day));
            }
        });
        Future<Void> segments = places.isEmpty()
                ? Future.succeededFuture()
                : lane.load(places)
                        .compose(loaded ->
                                ticker.aside(rows(loaded), () -> into(loaded)).mapEmpty());
        return recalled.isEmpty() ? segments : segments.compose(v -> recall(task, Set.copyOf(recalled)));
    }

    void letGo(Window window) {
        window.days().forEach(memory.index()::letGo);
        memory.forgetRecalled();
    }

    /** What retractions repeat: from the segments that hold the keys, or from what was recalled. */
    Future<Map<Digest, Utf8>> texts(Map<Digest, LocalDate> gone) {
        Map<Digest, Utf8> texts = new HashMap<>();
        Map<SegmentName, Long> places = new HashMap<>();
        gone.values().stream().distinct().forEach(day -> {
            places.putAll(memory.segments().of(day));
            memory.recalled(day).forEach(row -> texts.put(row.key(), row.text()));
        });
        return lane.load(places)
                .compose(segments -> ticker.aside(rows(segments), () -> {
                    segments.forEach(segment ->
                            new SegmentReader(segment).forEach(row -> texts.put(row.key(), row.text()), mark -> {}));
                    texts.keySet().retainAll(gone.keySet());
                    if (texts.size() < gone.size()) {
                        throw new IllegalStateException(
                                "no segment of " + memory.split() + " holds a key of the index");
                    }
                    return texts;
                }));
    }

    /** How many rows segments hold. */
    static int rows(List<Segment> segments) {
        return segments.stream().mapToInt(Segment::rows).sum();
    }

    private int into(List<Segment> loaded) {
        loaded.forEach(segment -> new SegmentReader(segment)
                .into(memory.index().bring(segment.name().day())));
        return loaded.size();
    }

    /** Below the floor the data topic stands in for the index. */
    private Future<Void> recall(Task task, Set<LocalDate> days) {
        Window window = task.window();
        Window whole = new Window(
                Window.startOf(Window.dayOf(window.from())),
                Window.startOf(Window.dayOf(window.to().minusNanos(1)).plusDays(1)));
        RecordType type = RecordType.of(memory.settings().type().shape());
        return published(RecordType.PERIOD, whole)
                .compose(periods -> {
                    periods.stream()
                            .map(Period.class::cast)
                            .filter(period -> days.contains(period.day()))
                            .forEach(memory::recalled);
                    return published(RecordType.QUARANTINE, whole);
                })
                .compose(quarantined -> {
                    quarantined.forEach(row -> mark((QuarantinedRow) row, task, days));
                    days.forEach(day -> memory.begun().mark(task, day, memory.index()));
                    return published(type, whole);
                })
                .compose(publications -> ticker.aside(publications.size(), () -> recall(publications, days)))
                .mapEmpty();
    }

    /**
     * That it was published is known, and not whether upstream still shows it: that says the read, or what was read before it. Of a
     * day without a period that another session has begun it counts: a period must not say fewer.
     */
    private void mark(QuarantinedRow published, Task task, Set<LocalDate> days) {
        boolean before = published.window().from().isBefore(task.window().from())
                && !memory.begun().isOf(task);
        published
                .window()
                .days()
                .filter(days::contains)
                .forEach(day -> memory.index()
                        .bring(day)
                        .mark(new SeenMark(
                                published.row().digest(), published.window().from(), before && !memory.closed(day))));
    }

    /** What cannot be read back holds up the work that wants it, and not the lane. */
    private Future<List<Publication>> published(RecordType type, Window whole) {
        return lane.published(memory.split(), type, whole)
                .recover(e -> Future.failedFuture(e instanceof SinkException known ? notRead(known.failure()) : e));
    }

    private static ReadFailure notRead(SinkFailure failure) {
        return failure instanceof SinkFailure.Refused refused
                ? new ReadFailure(refused.reason(), refused.message(), Severity.HALT_STREAM, Optional.empty())
                : ReadFailure.retry(Reason.TIMEOUT, failure.message());
    }

    private int recall(List<Publication> publications, Set<LocalDate> days) {
        publications.stream().flatMap(p -> Recall.row(p).stream()).forEach(row -> {
            LocalDate day = Window.dayOf(row.time());
            if (days.contains(day)) {
                memory.index().bring(day).put(row);
                memory.recalled(day, row);
            }
        });
        days.forEach(this::requireWhole);
        return publications.size();
    }

    /** A topic that forgets, as that of events does, may no longer hold all of a day: what is missing would be published a second time. */
    private void requireWhole(LocalDate day) {
        PeriodFold fold = new PeriodFold(memory.split(), day, memory::id);
        memory.recalled(day).forEach(fold::add);
        boolean whole = memory.seal(day)
                .map(seal ->
                        fold.after(Optional.of(seal), false, 0, Instant.EPOCH).isEmpty())
                .orElse(true);
        if (!whole) {
            throw new ReadFailure(
                    Reason.EXPIRED,
                    "not all records of " + day + " are in the topic any more: it cannot be restated",
                    Severity.HALT_STREAM,
                    Optional.empty());
        }
    }
}
