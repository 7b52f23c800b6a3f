package io.usagestream.ops.board;

import io.usagestream.dedup.Admitted;
import io.usagestream.ingest.LaneStatus;
import io.usagestream.ingest.LaneStatus.Phase;
import io.usagestream.ingest.Observer;
import io.usagestream.ingest.SplitStatus;
import io.usagestream.ops.Instance;
import io.usagestream.ops.PendingRows;
import io.usagestream.ops.Rows;
import io.usagestream.ops.board.Happening.Level;
import io.usagestream.ops.board.UsageByDay.Shown;
import io.usagestream.sink.Batch;
import io.usagestream.sink.BrokerNews;
import io.usagestream.sink.SinkFailure;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Publication.Period;
import io.usagestream.stream.Publication.PointRevision;
import io.usagestream.stream.Publication.QuarantinedRow;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Split;
import io.usagestream.stream.SplitState;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the console shows: the state of every stream and lane, and a bounded memory of what happened since the start. Lanes write it
 * from their threads, a page of the console reads a {@link View} of it: every method holds the lock for a moment only.
 */
public final class Board implements Observer, BrokerNews {
    private static final int RECENT = 50;

    /** UTC days that the charts of usage show. */
    public static final int DAYS = UsageByDay.DAYS;

    private final Instance instance;
    private final InstantSource clock;
    private final PendingRows pending;
    private final Map<String, Map<String, StreamLine>> lines = new LinkedHashMap<>();
    private final Map<Integer, LaneStatus> lanes = new TreeMap<>();
    private final Minutes minutes = new Minutes();
    private final UsageByDay usage = new UsageByDay();
    private final Recent<Restatement> restatements = new Recent<>(RECENT);
    private final Recent<QuarantinedRow> quarantine = new Recent<>(RECENT);
    private final Recent<Happening> happenings = new Recent<>(RECENT);
    /** What stays as it is until a person has seen to it; by subject. */
    private final Map<String, Happening> conditions = new TreeMap<>();

    private Map<Integer, String> owners = Map.of();
    private Rows total = Rows.NONE;
    private long transactions;
    private long failedTransactions;
    private long records;
    private long lateChanges;
    private boolean history;
    private long version;

    public Board(Instance instance, InstantSource clock) {
        this.instance = instance;
        this.clock = clock;
        this.pending = new PendingRows(instance.lanes());
        for (Instance.ConfiguredSource source : instance.sources()) {
            Map<String, StreamLine> streams = new LinkedHashMap<>();
            source.streams().forEach(stream -> streams.put(stream, new StreamLine()));
            lines.put(source.name(), streams);
        }
    }

    /** One look at everything, consistent in itself. */
    record View(
            Instance instance,
            Instant now,
            Map<String, Map<String, Line>> lines,
            List<LaneStatus> lanes,
            Map<Integer, String> owners,
            Rows total,
            long transactions,
            long failedTransactions,
            long records,
            long lateChanges,
            List<Minutes.Minute> minutes,
            boolean wholeUsage,
            List<Shown> usage,
            List<Restatement> restatements,
            List<QuarantinedRow> quarantine,
            List<Happening> conditions,
            List<Happening> happenings) {}

    /** One look at a stream. */
    record Line(
            Optional<SplitStatus> status,
            Rows rows,
            long requests,
            long failed,
            Optional<Reason> lastFailure,
            Optional<Instant> waitingUntil) {
        private static Line of(StreamLine line, Instant now) {
            return new Line(
                    line.status(),
                    line.rows(),
                    line.requests(),
                    line.failed(),
                    line.lastFailure(),
                    line.waitingUntil(now));
        }
    }

    /** Rises with everything that changes what is shown. */
    public synchronized long version() {
        return version;
    }

    synchronized View view() {
        Instant now = clock.instant();
        Map<String, Map<String, Line>> shown = new LinkedHashMap<>();
        lines.forEach((source, streams) -> {
            Map<String, Line> its = new LinkedHashMap<>();
            streams.forEach((stream, line) -> its.put(stream, Line.of(line, now)));
            shown.put(source, its);
        });
        return new View(
                instance,
                now,
                shown,
                List.copyOf(lanes.values()),
                owners,
                total,
                transactions,
                failedTransactions,
                records,
                lateChanges,
                minutes.until(now, instance.startedAt()),
                history,
                usage.shown(now),
                restatements.list(),
                quarantine.list(),
                List.copyOf(conditions.values()),
                happenings.list());
    }

    /** Who has which lane, over all instances. */
    public synchronized void owners(Map<Integer, String> names) {
        if (!owners.equals(names)) {
            owners = Map.copyOf(names);
            version++;
        }
    }

    /**
     * From now on usage comes from the points topic, of all instances and from before the start, and no longer from what this
     * process commits.
     */
    public synchronized void readsHistory() {
        history = true;
    }

    @Override
    public synchronized void partitionsAdded(String topic, int before, int now) {
        String text = "has " + now + " partitions, it had " + before
                + ": a key's later records may lie in another one, only id and revision say which is the last";
        conditions.put(topic, new Happening(clock.instant(), Level.WARNING, topic, text));
        note(Level.WARNING, topic, text);
    }

    /** A record of the points topic. */
    public synchronized void published(PointRevision point) {
        usage.add(point, clock.instant());
        version++;
    }

    @Override
    public synchronized void page(Split split, Optional<Reason> failure, Duration took) {
        line(split).page(failure);
        version++;
    }

    @Override
    public synchronized void waiting(Split split, Duration pause) {
        line(split).waits(clock.instant().plus(pause));
        version++;
    }

    @Override
    public void admitted(Split split, Admitted admitted) {
        pending.admitted(split, Rows.of(admitted));
    }

    @Override
    public synchronized void windowFailed(Split split, Reason reason, String message) {
        note(Level.WARNING, split.name(), reason.word() + ": " + message);
    }

    @Override
    public synchronized void committed(int lane, List<Batch> batches, Duration took) {
        Instant now = clock.instant();
        transactions++;
        for (Batch batch : batches) {
            records += batch.publications().size();
            batch.publications().forEach(publication -> take(publication, now));
        }
        version++;
    }

    private void take(Publication publication, Instant now) {
        if (publication instanceof PointRevision point) {
            if (!history) {
                usage.add(point, now);
            }
            if (point.restated()) {
                restatements.add(Restatement.of(point, now));
            }
        } else if (publication instanceof QuarantinedRow row) {
            quarantine.add(row);
            count(row.split(), Rows.QUARANTINED, now);
        } else if (publication instanceof Period period) {
            String again = period.revision() > 1 ? " again, revision " + period.revision() : "";
            note(
                    Level.NOTE,
                    period.split().name(),
                    period.day() + " is final" + again + ": " + period.rows() + " rows");
        }
    }

    @Override
    public synchronized void commitFailed(int lane, SinkFailure failure, Duration took) {
        pending.spent(lane);
        failedTransactions++;
        String outcome = failure.getClass().getSimpleName().toLowerCase(Locale.ROOT);
        note(Level.BAD, "lane " + lane, outcome + ": " + failure.message());
    }

    @Override
    public synchronized void lateChanges(Split split, int changes) {
        lateChanges += changes;
        note(Level.WARNING, split.name(), changes + " rows changed later than the lookback");
    }

    @Override
    public synchronized void gaps(Split split, int buckets) {
        note(
                Level.WARNING,
                split.name(),
                Reason.GAP.word() + ": " + buckets + " buckets of closed time are missing upstream");
    }

    @Override
    public synchronized void split(SplitStatus status) {
        StreamLine line = line(status.split());
        Optional<SplitState> before = line.status().map(SplitStatus::state);
        line.status(status);
        if (before.filter(status.state()::equals).isEmpty()) {
            Level level = switch (status.state()) {
                case RUNNING -> Level.GOOD;
                case STARTING, CATCHING_UP -> Level.NOTE;
                case DEGRADED -> Level.WARNING;
                case HALTED -> Level.BAD;
            };
            String why = status.reason().map(r -> " (" + r.word() + ")").orElse("");
            String word = status.state().name().toLowerCase(Locale.ROOT).replace('_', ' ');
            note(level, status.split().name(), "is " + word + why);
        }
        pending.settled(status.split())
                .map(Rows::withoutQuarantined)
                .ifPresent(rows -> count(status.split(), rows, clock.instant()));
        version++;
    }

    @Override
    public synchronized void lane(LaneStatus status) {
        Optional<Phase> before = Optional.ofNullable(lanes.get(status.lane())).map(LaneStatus::phase);
        if (status.phase() == Phase.CLOSED) {
            lanes.remove(status.lane());
            instance.sourcesOf(status.lane())
                    .forEach(source ->
                            lines.getOrDefault(source.name(), Map.of()).values().forEach(StreamLine::gone));
        } else {
            lanes.put(status.lane(), status);
        }
        boolean worthSaying = status.phase() != Phase.OPENING
                && before.filter(status.phase()::equals).isEmpty();
        if (worthSaying) {
            note(
                    switch (status.phase()) {
                        case RUNNING -> Level.GOOD;
                        case OPENING, CLOSED -> Level.NOTE;
                        case STANDING_BACK -> Level.WARNING;
                        case REFUSED -> Level.BAD;
                    },
                    "lane " + status.lane(),
                    sentence(status));
        }
        version++;
    }

    private static String sentence(LaneStatus status) {
        String why = status.message().isEmpty() ? "" : ": " + status.message();
        return switch (status.phase()) {
            case RUNNING ->
                "is running"
                        + status.restore()
                                .map(took -> ", restored in " + took.toMillis() + " ms")
                                .orElse("");
            case CLOSED -> "was given up";
            case OPENING -> "is being restored";
            case STANDING_BACK -> "stands back" + why;
            case REFUSED -> "needs a person" + why;
        };
    }

    @Override
    public synchronized void gaveUp(Split split, Reason reason, String message) {
        version++;
    }

    /** Rows set aside are counted as they are published, once a content: every later read shows the same ones again. */
    private void count(Split split, Rows rows, Instant at) {
        line(split).add(rows);
        total = total.plus(rows);
        minutes.add(at, rows);
    }

    private void note(Level level, String subject, String text) {
        happenings.add(new Happening(clock.instant(), level, subject, text));
        version++;
    }

    private StreamLine line(Split split) {
        return lines.computeIfAbsent(split.source(), s -> new LinkedHashMap<>())
                .computeIfAbsent(split.stream(), s -> new StreamLine());
    }
}
