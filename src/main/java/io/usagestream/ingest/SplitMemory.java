package io.usagestream.ingest;

import io.usagestream.checkpoint.PeriodFold;
import io.usagestream.checkpoint.Seal;
import io.usagestream.checkpoint.Seals;
import io.usagestream.checkpoint.Segment;
import io.usagestream.checkpoint.SegmentName;
import io.usagestream.checkpoint.SegmentPlaces;
import io.usagestream.checkpoint.SegmentReader;
import io.usagestream.checkpoint.SplitCheckpoint;
import io.usagestream.dedup.EntityAdmission;
import io.usagestream.dedup.EventName;
import io.usagestream.dedup.SeenIndex;
import io.usagestream.dedup.SeenRow;
import io.usagestream.plan.Cadence;
import io.usagestream.plan.ChangeAges;
import io.usagestream.plan.Horizon;
import io.usagestream.plan.Layout;
import io.usagestream.source.StreamSettings;
import io.usagestream.source.StreamType.Shape;
import io.usagestream.stream.Grain;
import io.usagestream.stream.Publication.Period;
import io.usagestream.stream.Publication.Progress;
import io.usagestream.stream.Split;
import io.usagestream.stream.Utf8;
import io.usagestream.stream.Window;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is known of a split while it is read: its checkpoint come alive. It is what was committed, and a frontier that may be ahead
 * of it. After a failed commit it is thrown away with the lane's session, never mended.
 */
final class SplitMemory {
    private final StreamSettings settings;
    private final SegmentPlaces segments;
    private final Seals seals;
    private final ChangeAges ages;
    private final SortedMap<String, Instant> requests;
    /** Whether nothing says yet where history begins but a clock. */
    private boolean unsettled;

    private SeenIndex index;
    private Instant start;
    private Horizon horizon;
    private Instant floor;
    private LocalDate closedUntil;
    private Optional<Instant> sweptAt;
    private Optional<Grain> granularity;
    private Optional<Progress> progress;
    private final Map<LocalDate, List<SeenRow>> recalled = new HashMap<>();
    private final Map<LocalDate, Period> recalledPeriods = new HashMap<>();
    private final DaysBegun begun = new DaysBegun();
    private int pageSize;

    private SplitMemory(StreamSettings settings, SplitCheckpoint from, SegmentPlaces segments, Seals seals) {
        this.settings = settings;
        this.seals = seals;
        this.segments = segments;
        start = from.start();
        horizon = new Horizon(from.frontier(), from.watermark());
        floor = from.floor();
        closedUntil = from.closedUntil();
        sweptAt = from.sweptAt();
        granularity = from.granularity();
        progress = from.progress();
        ages = new ChangeAges(from.changeAges());
        requests = new TreeMap<>(from.requests());
        pageSize = from.pageSize();
        index = new SeenIndex(firstHeldDay());
    }

    /** The memory of a split that was never read. */
    static SplitMemory fresh(StreamSettings settings, Instant now) {
        Instant start = layout(settings, Optional.empty())
                .floor(Window.startOf(Window.dayOf(settings.start().orElse(byDefault(now)))));
        SplitMemory memory = new SplitMemory(
                settings,
                new SplitCheckpoint(
                        settings.split(),
                        settings.fingerprint(),
                        start,
                        start,
                        start,
                        start,
                        Window.dayOf(start),
                        Optional.empty(),
                        Optional.empty(),
                        0,
                        List.of(),
                        Optional.empty(),
                        new TreeMap<>()),
                new SegmentPlaces(settings.split()),
                new Seals(settings.split()));
        memory.unsettled = settings.start().isEmpty();
        return memory;
    }

    private static Instant byDefault(Instant now) {
        return now.minus(Duration.ofDays(31));
    }

    /**
     * Has history begin earlier if it is earlier now than was thought, by a clock of ours that is ahead. Only before the first commit
     * and only where no start is configured.
     *
     * @return whether it does
     */
    boolean beginBy(Instant now) {
        Instant earlier = layout().floor(Window.startOf(Window.dayOf(byDefault(now))));
        if (!unsettled || !earlier.isBefore(start)) {
            return false;
        }
        start = earlier;
        floor = earlier;
        horizon = new Horizon(earlier, earlier);
        closedUntil = Window.dayOf(earlier);
        index = new SeenIndex(firstHeldDay());
        return true;
    }

    /** How often what is read, from where history begins. */
    Cadence cadence() {
        return new Cadence(
                start,
                settings.pollInterval(),
                settings.hot(),
                settings.sweepInterval(),
                settings.lookback(),
                settings.rescanDaily(),
                settings.rescanWeekly());
    }

    /** The memory that a lane's image holds of a split. Days whose segments did not come along are to be loaded: {@link #owed()}. */
    static SplitMemory restored(StreamSettings settings, SplitCheckpoint checkpoint, SplitImage image) {
        SplitMemory memory = new SplitMemory(
                settings,
                checkpoint,
                image.places().orElseGet(() -> new SegmentPlaces(settings.split())),
                image.seals().orElseGet(() -> new Seals(settings.split())));
        image.eager().forEach(memory::bring);
        return memory;
    }

    /** Segments of the days that must be on the heap and are not. */
    Map<SegmentName, Long> owed() {
        return segments.notLoaded(index.heldFrom());
    }

    /** Brings a segment onto the heap. */
    void bring(Segment segment) {
        LocalDate day = segment.name().day();
        if (!day.isBefore(index.heldFrom())) {
            segments.loaded(segment.name(), segment.content().length);
            new SegmentReader(segment).into(index.day(day));
        }
    }

    /** Whether a day has a period; below the floor it is known only while the day is {@link #recalled(Period) recalled}. */
    boolean closed(LocalDate day) {
        return recalledPeriods.containsKey(day) || seals.has(day);
    }

    /** What the last period of a day said, under the same condition. */
    Optional<Seal> seal(LocalDate day) {
        return recalledPeriod(day).map(PeriodFold::seal).or(() -> seals.get(day));
    }

    /** The seals that are kept. */
    Seals seals() {
        return seals;
    }

    /** Moves on after a commit; lets go of days that lie wholly below the watermark's window. */
    void advance(Horizon to, Instant floorTo, LocalDate closed, Optional<Instant> swept) {
        unsettled = false;
        horizon = to;
        floor = floorTo;
        closedUntil = closed;
        sweptAt = swept.or(() -> sweptAt);
        index.holdFrom(firstHeldDay());
    }

    /** The frontier may run ahead of what is committed: a restart reads that stretch again and finds nothing new. */
    void ahead(Horizon to) {
        horizon = to;
    }

    /** Upstream does not go back as far as was configured: history begins later. */
    void startAt(Instant earliest) {
        unsettled = false;
        start = earliest;
        floor = later(floor, earliest);
        horizon = new Horizon(later(horizon.frontier(), earliest), later(horizon.watermark(), earliest));
        LocalDate day = Window.dayOf(earliest);
        closedUntil = closedUntil.isBefore(day) ? day : closedUntil;
        index.holdFrom(firstHeldDay());
    }

    void pin(Grain grain) {
        granularity = Optional.of(grain);
    }

    void published(Progress now) {
        progress = Optional.of(now);
    }

    /** The page size of the source, for the checkpoint. */
    void learned(int size) {
        pageSize = Math.max(pageSize, size);
    }

    int pageSize() {
        return pageSize;
    }

    /** Whether days of the split become periods: what ids mean has no time. */
    boolean hasPeriods() {
        return settings.type().shape() != Shape.ENTITIES;
    }

    /** Whether a day's rows are kept in segments: at or above the floor, and what has no time always. */
    boolean keeps(LocalDate day, LocalDate firstKept) {
        return !hasPeriods() || !day.isBefore(firstKept);
    }

    /** Rows of a day below the floor, as its data topic holds them; brought in for one window. */
    List<SeenRow> recalled(LocalDate day) {
        return recalled.getOrDefault(day, List.of());
    }

    void recalled(LocalDate day, SeenRow row) {
        recalled.computeIfAbsent(day, d -> new ArrayList<>()).add(row);
    }

    /** The last period of a day below the floor, as the periods topic holds it; brought in for one window. */
    void recalled(Period period) {
        recalledPeriods.put(period.day(), period);
    }

    /** The last period of a day below the floor, under the same condition. */
    Optional<Period> recalledPeriod(LocalDate day) {
        return Optional.ofNullable(recalledPeriods.get(day));
    }

    /** Days that a piece of work has read in part. */
    DaysBegun begun() {
        return begun;
    }

    void forgetRecalled() {
        recalled.clear();
        recalledPeriods.clear();
    }

    /** The id of a row's record. */
    Utf8 id(SeenRow row) {
        return settings.type().shape() == Shape.LOG
                ? Utf8.of(EventName.parse(row.text()).id(settings.split()))
                : row.text();
    }

    SplitCheckpoint checkpoint(
            Horizon at, Instant floorAt, LocalDate closed, Optional<Instant> swept, Optional<Progress> said) {
        return new SplitCheckpoint(
                settings.split(),
                settings.fingerprint(),
                start,
                at.frontier(),
                at.watermark(),
                floorAt,
                closed,
                swept.or(() -> sweptAt),
                granularity,
                pageSize,
                ages.stored(),
                said.or(() -> progress),
                new TreeMap<>(requests));
    }

    Layout layout() {
        return layout(settings, granularity);
    }

    /** How the event time of a split is laid out. */
    static Layout layout(StreamSettings settings, Optional<Grain> granularity) {
        return switch (settings.type().shape()) {
            case BUCKETS ->
                new Layout.Buckets(settings.width(), (int) (settings.window().toSeconds()
                        / settings.width().width().toSeconds()));
            case SERIES -> {
                Grain window = Grain.of(settings.window()).orElse(Grain.DAY);
                yield new Layout.Series(window, granularity.orElse(window));
            }
            case LOG -> new Layout.Log(settings.safetyLag(), settings.window());
            case ENTITIES -> new Layout.Series(Grain.DAY, Grain.DAY);
        };
    }

    private LocalDate firstHeldDay() {
        if (settings.type().shape() == Shape.ENTITIES) {
            return EntityAdmission.DAY;
        }
        return Window.dayOf(later(layout().floor(horizon.watermark()), floor));
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    StreamSettings settings() {
        return settings;
    }

    Split split() {
        return settings.split();
    }

    SegmentPlaces segments() {
        return segments;
    }

    SeenIndex index() {
        return index;
    }

    Instant start() {
        return start;
    }

    Horizon horizon() {
        return horizon;
    }

    Instant floor() {
        return floor;
    }

    LocalDate closedUntil() {
        return closedUntil;
    }

    Optional<Instant> sweptAt() {
        return sweptAt;
    }

    Optional<Grain> granularity() {
        return granularity;
    }

    Optional<Progress> progress() {
        return progress;
    }

    ChangeAges ages() {
        return ages;
    }

    SortedMap<String, Instant> requests() {
        return requests;
    }
}
