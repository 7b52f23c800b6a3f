package io.usagestream.ingest;

import io.usagestream.checkpoint.MergePolicy;
import io.usagestream.checkpoint.PeriodFold;
import io.usagestream.checkpoint.Seal;
import io.usagestream.checkpoint.Segment;
import io.usagestream.checkpoint.SegmentName;
import io.usagestream.checkpoint.SegmentSeries;
import io.usagestream.dedup.Admitted;
import io.usagestream.dedup.PackedBytes;
import io.usagestream.dedup.SeenMark;
import io.usagestream.dedup.SeenRow;
import io.usagestream.plan.Horizon;
import io.usagestream.sink.Batch;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Publication.Period;
import io.usagestream.stream.Publication.Progress;
import io.usagestream.stream.Window;
import io.usagestream.stream.WorkStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes one batch of what was admitted: revisions, then the periods that they close or restate, then progress; the segments to
 * keep, those to merge, those to forget.
 */
final class BatchComposer {
    /** Segments, and seals, forgotten in one transaction at most, so that it stays short. */
    private static final int MAX_DROPPED = 500;

    private final SplitMemory memory;
    private final Admitted admitted;
    private final Map<LocalDate, List<SeenRow>> rows;
    private final Map<LocalDate, List<SeenMark>> marks;
    private final Horizon horizon;
    private final Optional<Window> asked;
    private final Instant began;
    private final Instant now;

    /**
     * @param horizon the horizon that the batch commits
     * @param asked what a piece of work has read of the days of its window: from before that, if it began one of them before
     * @param began when the read began
     */
    BatchComposer(
            SplitMemory memory,
            Admitted admitted,
            Horizon horizon,
            Optional<Window> asked,
            Instant began,
            Instant now) {
        this.memory = memory;
        this.admitted = admitted;
        this.rows = byDay(admitted.rows(), SeenRow::time);
        this.marks = byDay(admitted.marks(), SeenMark::time);
        this.horizon = horizon;
        this.asked = asked;
        this.began = began;
        this.now = now;
    }

    /** About how many rows it goes through. */
    int rows() {
        return admitted.seen() + admitted.retracted();
    }

    /**
     * The days whose period is due: closed by this batch, closed before and touched by it, or older ones read whole on request:
     * below the floor only their count tells of quarantined rows that are gone.
     */
    Set<LocalDate> periodsDue() {
        Set<LocalDate> due = new TreeSet<>();
        if (!memory.hasPeriods()) {
            return due;
        }
        due.addAll(closing());
        touched().stream().filter(memory::closed).forEach(due::add);
        asked.ifPresent(window -> window.days()
                .filter(day -> day.isBefore(memory.closedUntil()))
                .filter(day -> !memory.closed(day) || memory.recalledPeriod(day).isPresent())
                .filter(day -> !Window.startOf(day.plusDays(1)).isAfter(window.to()))
                .forEach(due::add));
        return due;
    }

    /** The days that this batch closes. */
    private Set<LocalDate> closing() {
        LocalDate first = memory.closedUntil();
        LocalDate end = closedUntil();
        return memory.hasPeriods() && first.isBefore(end) // nearly always not
                ? first.datesUntil(end).collect(Collectors.toCollection(TreeSet::new))
                : Set.of();
    }

    /** Days whose segments are to be merged, with the segments to merge: of a day that closes all that are small, for two months are kept. */
    Map<LocalDate, List<SegmentName>> mergesDue() {
        Set<LocalDate> closing = closing();
        Map<LocalDate, List<SegmentName>> merges = new HashMap<>();
        Stream.concat(touched().stream(), closing.stream())
                .distinct()
                .filter(day -> !day.isBefore(memory.index().heldFrom()))
                .forEach(day -> {
                    Map<SegmentName, Integer> sizes = memory.segments().sizes(day);
                    List<SegmentName> names =
                            closing.contains(day) ? MergePolicy.last(sizes) : MergePolicy.choose(sizes);
                    if (!names.isEmpty()) {
                        merges.put(day, names);
                    }
                });
        return merges;
    }

    /** Where the segments lie that {@link #compose} needs. */
    Map<SegmentName, Long> needed() {
        Map<SegmentName, Long> needed = new HashMap<>();
        periodsDue().forEach(day -> needed.putAll(memory.segments().of(day)));
        mergesDue().forEach((day, names) -> {
            Map<SegmentName, Long> places = memory.segments().of(day);
            names.forEach(name -> needed.put(name, places.get(name)));
        });
        return needed;
    }

    /**
     * The batch.
     *
     * @param loaded the segments that were {@link #needed}
     * @param sweptAt when the sweep of the whole lookback began that this read completes, if it does
     * @param progress the progress to publish, if it is due
     */
    Outgoing compose(
            List<Segment> loaded, Optional<Instant> sweptAt, Optional<Progress> progress, List<WorkStatus> statuses) {
        List<Publication> publications = new ArrayList<>(admitted.publications());
        List<Period> periods = periods(loaded);
        publications.addAll(periods);
        progress.ifPresent(publications::add);
        LocalDate firstKept = Window.dayOf(floor());
        List<Seal> seals = periods.stream()
                .filter(period -> !period.day().isBefore(firstKept))
                .map(PeriodFold::seal)
                .toList();
        List<Segment> segments = new ArrayList<>();
        List<SegmentName> dropped = new ArrayList<>();
        // merged ones first: what this batch admits is newer and must have the higher numbers
        mergesDue().forEach((day, names) -> {
            segments.addAll(merge(day, names, loaded));
            dropped.addAll(names);
        });
        segments.addAll(segments(firstKept));
        if (memory.hasPeriods()) {
            memory.segments().before(firstKept).stream().limit(MAX_DROPPED).forEach(dropped::add);
        }
        Batch batch = new Batch(
                memory.split(),
                publications,
                memory.checkpoint(horizon, floor(), closedUntil(), sweptAt, progress),
                segments,
                seals,
                dropped,
                memory.seals().before(firstKept).stream().limit(MAX_DROPPED).toList(),
                statuses);
        return new Outgoing(batch, rows, marks, horizon, floor(), closedUntil(), sweptAt, progress);
    }

    private Set<LocalDate> touched() {
        Set<LocalDate> touched = new TreeSet<>(rows.keySet());
        touched.addAll(marks.keySet());
        return touched;
    }

    private static <T> Map<LocalDate, List<T>> byDay(List<T> all, Function<T, Instant> time) {
        Map<LocalDate, List<T>> days = new TreeMap<>();
        Instant before = Instant.MIN;
        List<T> day = new ArrayList<>();
        for (T one : all) {
            Instant at = time.apply(one);
            if (!at.equals(before)) { // rows of one bucket come together
                day = days.computeIfAbsent(Window.dayOf(at), d -> new ArrayList<>());
                before = at;
            }
            day.add(one);
        }
        return days;
    }

    /** The first day that is not closed after this batch. */
    private LocalDate closedUntil() {
        LocalDate day = Window.dayOf(horizon.watermark());
        return day.isAfter(memory.closedUntil()) ? day : memory.closedUntil();
    }

    /** The floor after this batch: a setting's distance below now, never above what the index needs, never back. */
    private Instant floor() {
        Instant wanted = Window.startOf(Window.dayOf(now.minus(memory.settings().horizon())));
        Instant most = memory.layout().floor(horizon.watermark());
        Instant floor = wanted.isAfter(most) ? most : wanted;
        Instant aligned = Window.startOf(Window.dayOf(floor));
        return aligned.isAfter(memory.floor()) ? aligned : memory.floor();
    }

    private List<Period> periods(List<Segment> loaded) {
        List<Period> periods = new ArrayList<>();
        for (LocalDate day : periodsDue()) {
            List<SeenRow> admittedNow = rows.getOrDefault(day, List.of());
            PeriodFold fold = new PeriodFold(memory.split(), day, memory::id);
            memory.recalled(day).forEach(fold::add);
            loaded.stream().filter(s -> s.name().day().equals(day)).forEach(fold::add);
            fold.add(admittedNow);
            List<SeenMark> changes = marks.getOrDefault(day, List.of());
            Optional<Long> said = memory.recalledPeriod(day).map(Period::quarantined);
            long quarantined = said.filter(s -> !readWhole(day)).orElseGet(() -> quarantined(day, changes));
            boolean changed = said.map(s -> s != quarantined).orElse(!changes.isEmpty());
            fold.after(memory.seal(day), changed, quarantined, began).ifPresent(periods::add);
        }
        return periods;
    }

    private boolean readWhole(LocalDate day) {
        Window whole = Window.of(day);
        return asked.filter(
                        read -> !read.from().isAfter(whole.from()) && !read.to().isBefore(whole.to()))
                .isPresent();
    }

    /** Quarantined rows of a day that upstream still shows, after this batch. */
    private long quarantined(LocalDate day, List<SeenMark> changes) {
        Map<Object, Boolean> live = memory.index()
                .peek(day)
                .map(index -> index.marks().stream()
                        .collect(Collectors.<SeenMark, Object, Boolean>toMap(SeenMark::digest, SeenMark::live)))
                .orElseGet(HashMap::new);
        changes.forEach(mark -> live.put(mark.digest(), mark.live()));
        return live.values().stream().filter(Boolean::booleanValue).count();
    }

    private List<Segment> segments(LocalDate firstKept) {
        PackedBytes room = PackedBytes.passing(8192);
        return touched().stream()
                .filter(day -> memory.keeps(day, firstKept))
                .flatMap(day -> segmentsOf(day, room).stream())
                .toList();
    }

    private List<Segment> segmentsOf(LocalDate day, PackedBytes room) {
        SegmentSeries series = new SegmentSeries(() -> memory.segments().next(day), room);
        rows.getOrDefault(day, List.of()).forEach(series::add);
        marks.getOrDefault(day, List.of()).forEach(series::add);
        return series.segments();
    }

    private List<Segment> merge(LocalDate day, List<SegmentName> names, List<Segment> loaded) {
        List<Segment> small =
                loaded.stream().filter(s -> names.contains(s.name())).toList();
        return MergePolicy.merge(
                () -> memory.segments().next(day), small, memory.index().day(day));
    }

    /** Whether the last progress published says something else than this one, and it is time to say it. */
    static boolean due(Optional<Progress> last, Progress now) {
        if (last.isEmpty()) {
            return true;
        }
        Progress before = last.get();
        boolean moved = !before.state().equals(now.state())
                || !before.reason().equals(now.reason())
                || !before.watermark().equals(now.watermark())
                || !before.sweptAt().equals(now.sweptAt());
        boolean frontier = !before.frontier().equals(now.frontier());
        return moved
                || frontier
                        && Duration.between(before.observedAt(), now.observedAt())
                                        .compareTo(Duration.ofMinutes(1))
                                >= 0;
    }
}
