package io.usagestream.ingest;

import io.usagestream.checkpoint.PeriodFold;
import io.usagestream.checkpoint.Seal;
import io.usagestream.checkpoint.Segment;
import io.usagestream.checkpoint.SegmentName;
import io.usagestream.checkpoint.SegmentWriter;
import io.usagestream.checkpoint.SplitCheckpoint;
import io.usagestream.dedup.DayIndex;
import io.usagestream.dedup.EntityAdmission;
import io.usagestream.dedup.MeasureNames;
import io.usagestream.dedup.SeenMark;
import io.usagestream.dedup.SeenRow;
import io.usagestream.plan.Layout;
import io.usagestream.source.StreamSettings;
import io.usagestream.source.StreamType.Shape;
import io.usagestream.stream.Digest;
import io.usagestream.stream.Grain;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Publication.Period;
import io.usagestream.stream.Publication.PointRevision;
import io.usagestream.stream.Publication.Progress;
import io.usagestream.stream.Publication.QuarantinedRow;
import io.usagestream.stream.Window;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The state of one split, made again from what it published: progress says how far it is, rows what was seen, periods what was
 * closed, quarantine what was set aside.
 *
 * <p>What nothing published says is left to be learned again: upstream's page size and the ages of changes. The frontier may be a
 * minute behind what it was; that stretch is read again and found to be known.
 */
public final class RecoveredSplit {
    private final StreamSettings settings;
    private final Progress progress;
    private final Consumer<Segment> sink;
    private final MeasureNames names = new MeasureNames();
    private final Map<LocalDate, DayIndex> days = new HashMap<>();
    private final Map<LocalDate, SegmentWriter> writers = new TreeMap<>();
    private final TreeMap<LocalDate, Period> periods = new TreeMap<>();
    private final Map<LocalDate, Map<Digest, QuarantinedRow>> quarantined = new TreeMap<>();
    private Optional<PointRevision> newest = Optional.empty();
    private Optional<LocalDate> earliest = Optional.empty();
    private Instant floor;
    private boolean forgotten;
    private long nextSegment;
    private long rows;

    /**
     * @param progress the last that the split said of itself
     * @param retention how long its topic keeps rows, when it does not keep them for ever
     * @param firstSegment the number of the first segment that it writes
     * @param sink takes segments as they fill
     */
    public RecoveredSplit(
            StreamSettings settings,
            Progress progress,
            Optional<Duration> retention,
            Instant now,
            long firstSegment,
            Consumer<Segment> sink) {
        this.settings = settings;
        this.progress = progress;
        this.nextSegment = firstSegment;
        this.sink = sink;
        this.floor = floor(retention, now);
    }

    /** As far below now as the index reaches, no further than rows are sure to be kept; never above what the loops need. */
    private Instant floor(Optional<Duration> retention, Instant now) {
        Layout layout = SplitMemory.layout(settings, Optional.empty());
        Instant wanted = now.minus(retention
                .map(kept -> kept.minusDays(1))
                .filter(kept -> kept.compareTo(settings.horizon()) < 0)
                .orElse(settings.horizon()));
        Instant most = layout.floor(progress.watermark());
        return Window.startOf(Window.dayOf(wanted.isAfter(most) ? most : wanted));
    }

    /** Takes one record of the split, in the order of its topic; of one key the highest revision holds. */
    public void add(Publication said) {
        if (said instanceof Period period) {
            periods.merge(period.day(), period, (a, b) -> a.revision() > b.revision() ? a : b);
        } else if (said instanceof QuarantinedRow row) {
            quarantined(row);
        } else {
            Recall.row(said).ifPresent(this::keep);
        }
        if (said instanceof PointRevision point
                && newest.map(n -> !point.observedAt().isBefore(n.observedAt())).orElse(true)) {
            newest = Optional.of(point);
        }
    }

    private void keep(SeenRow row) {
        LocalDate day = Window.dayOf(row.time());
        boolean timeless = day.equals(EntityAdmission.DAY);
        if (!timeless && earliest.map(day::isBefore).orElse(true)) {
            earliest = Optional.of(day);
        }
        if (!timeless && row.time().isBefore(floor)) {
            return;
        }
        DayIndex index = days.computeIfAbsent(day, d -> new DayIndex(d, names));
        if (index.revision(row.key()) < row.revision()) {
            rows += index.contains(row.key()) ? 0 : 1;
            index.put(row);
            writer(day, row.text().length()).add(row);
        }
    }

    /**
     * A quarantined row is known again on every day that its window touches: the record does not say on which it lies. Equal rows
     * of several days have one id.
     */
    private void quarantined(QuarantinedRow row) {
        row.window()
                .days()
                .filter(day -> !Window.startOf(day).isBefore(floor))
                .forEach(day -> quarantined
                        .computeIfAbsent(day, d -> new HashMap<>())
                        .put(row.row().digest(), row));
    }

    private SegmentWriter writer(LocalDate day, int text) {
        SegmentWriter writer = writers.get(day);
        if (writer == null || !writer.takes(text)) {
            if (writer != null) {
                sink.accept(writer.segment());
            }
            writer = new SegmentWriter(new SegmentName(settings.split(), day, nextSegment++));
            writers.put(day, writer);
        }
        return writer;
    }

    /** What says that the rows were published with other settings than these; a state made of both would bill both. */
    public Optional<String> contradiction() {
        if (settings.type().shape() != Shape.BUCKETS) {
            return Optional.empty();
        }
        return newest.flatMap(point -> {
            Set<String> published = new HashSet<>(point.dimensions().keySet());
            published.remove("currency");
            Set<String> asked = new HashSet<>(settings.groupBy());
            asked.remove("user_id"); // may be dropped
            boolean same = point.grain() == settings.width()
                    && published.containsAll(asked)
                    && settings.groupBy().containsAll(published);
            return same
                    ? Optional.<String>empty()
                    : Optional.of(settings.split().name() + " was published in buckets of " + point.grain() + " by "
                            + published.stream().sorted().toList() + ", the configuration says " + settings.width()
                            + " by " + settings.groupBy().stream().sorted().toList()
                            + ": give it back the settings that it had");
        });
    }

    /** Number of keys above the floor. */
    public long rows() {
        return rows;
    }

    /** Whether the floor is where it is because the topic no longer has all rows of the day before it. */
    public boolean forgotten() {
        return forgotten;
    }

    public LocalDate floorDay() {
        return Window.dayOf(floor);
    }

    /** Gives the segments that are not full to the sink. */
    public void finish() {
        forget();
        marks();
        writers.values().stream()
                .filter(writer -> !writer.isEmpty())
                .map(SegmentWriter::segment)
                .forEach(sink);
        writers.clear();
    }

    /**
     * Above the floor what is not known is new: a closed day of which the topic has fewer rows than its period says lies below it,
     * whatever the topic's retention should be. Segments of such days that are written already are dropped like all below the floor.
     */
    private void forget() {
        periods.descendingMap().values().stream()
                .filter(period -> !period.day().isBefore(floorDay()))
                .filter(period -> live(period.day()) < period.rows())
                .findFirst()
                .ifPresent(period -> {
                    floor = Window.startOf(period.day().plusDays(1));
                    forgotten = true;
                    writers.keySet().removeIf(this::isBelow);
                    days.keySet().removeIf(this::isBelow);
                    quarantined.keySet().removeIf(this::isBelow);
                    rows = days.values().stream().mapToLong(DayIndex::size).sum();
                });
    }

    private long live(LocalDate day) {
        return Optional.ofNullable(days.get(day)).map(DayIndex::live).orElse(0);
    }

    private boolean isBelow(LocalDate day) {
        return !day.equals(EntityAdmission.DAY) && day.isBefore(floorDay());
    }

    /** A quarantined row counts where the day's period counted one, else when a read shows it. */
    private void marks() {
        quarantined.forEach((day, rows) -> {
            long live = Optional.ofNullable(periods.get(day))
                    .map(Period::quarantined)
                    .orElse(0L);
            List<QuarantinedRow> found = new ArrayList<>(rows.values());
            found.sort(Comparator.comparing(QuarantinedRow::observedAt).reversed());
            for (int i = 0; i < found.size(); i++) {
                writer(day, 0).add(new SeenMark(found.get(i).row().digest(), Window.startOf(day), i < live));
            }
        });
    }

    public List<Seal> seals() {
        return periods.values().stream()
                .filter(period -> !period.day().isBefore(floorDay()))
                .map(PeriodFold::seal)
                .toList();
    }

    public SplitCheckpoint checkpoint() {
        Instant start = start();
        LocalDate closed = Window.dayOf(progress.watermark());
        LocalDate first = Window.dayOf(start);
        return new SplitCheckpoint(
                settings.split(),
                settings.fingerprint(),
                start,
                progress.frontier(),
                progress.watermark(),
                floor,
                closed.isBefore(first) ? first : closed,
                progress.sweptAt(),
                granularity(),
                0,
                List.of(),
                Optional.of(progress),
                new TreeMap<>());
    }

    private Instant start() {
        Instant known = settings.start()
                .or(() -> earliest.map(Window::startOf))
                .or(() -> Optional.of(periods).filter(p -> !p.isEmpty()).map(p -> Window.startOf(p.firstKey())))
                .orElse(progress.watermark());
        Instant aligned = SplitMemory.layout(settings, Optional.empty()).floor(known);
        return aligned.isAfter(progress.watermark()) ? progress.watermark() : aligned;
    }

    private Optional<Grain> granularity() {
        return settings.type().shape() == Shape.SERIES ? newest.map(PointRevision::grain) : Optional.empty();
    }
}
