package io.usagestream.ingest;

import io.usagestream.checkpoint.Segment;
import io.usagestream.checkpoint.SegmentName;
import io.usagestream.checkpoint.SegmentReader;
import io.usagestream.dedup.Admitted;
import io.usagestream.dedup.EntityAdmission;
import io.usagestream.dedup.EventAdmission;
import io.usagestream.dedup.PointAdmission;
import io.usagestream.dedup.Standing;
import io.usagestream.ingest.ReadFailure.Severity;
import io.usagestream.plan.Agenda;
import io.usagestream.plan.Backoff;
import io.usagestream.plan.Cadence;
import io.usagestream.plan.Horizon;
import io.usagestream.plan.Layout;
import io.usagestream.plan.Task;
import io.usagestream.sink.SinkException;
import io.usagestream.sink.WorkStatus;
import io.usagestream.source.StreamSettings;
import io.usagestream.stream.Digest;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Publication.EventRevision;
import io.usagestream.stream.Publication.PointRevision;
import io.usagestream.stream.Quarantined;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Split;
import io.usagestream.stream.Window;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The loop of one split. A turn: ask the agenda what to read, read that window to its end, admit it, commit it with the progress it
 * makes, remember it. One direction, one window in flight, no queue; not reading is the back-pressure.
 */
final class SplitLoop {
    /** Failed windows in a row after which a split counts as degraded, and as given up by whoever waits for it. */
    static final int DEGRADED_AFTER = 5;

    /** How often a window is read again until what is gone is gone twice. */
    private static final int MAX_CONFIRMATIONS = 4;

    /** Restated rows of one window from which on upstream is said to rewrite history: so many, and more than one in so many. */
    private static final int BULK_ROWS = 50;

    private static final int BULK_SHARE = 5;

    /** Splits that begin together come again within so long of one another. */
    private static final Duration SPREAD = Duration.ofHours(1);

    private static final Backoff WINDOWS = new Backoff(Duration.ofSeconds(2), Duration.ofMinutes(5));

    private final SplitMemory memory;
    private final SourceContext source;
    private final LaneCommits lane;
    private final Ticker ticker;
    private final Observer observer;
    private final PageReader pages;
    private final WindowReader reader;
    private final Condition condition;
    /** Work that this loop has finished: it may be offered again before the news of that has come round. */
    private final Set<String> worked = new HashSet<>();

    private Agenda agenda;
    private int limit;
    private Optional<Ticker.Timer> timer = Optional.empty();
    private boolean stopped;
    private boolean busy;

    SplitLoop(SplitMemory memory, SourceContext source, LaneCommits lane, Ticker ticker, Observer observer) {
        this.memory = memory;
        this.source = source;
        this.lane = lane;
        this.ticker = ticker;
        this.observer = observer;
        this.pages = new PageReader(source, ticker, observer);
        this.reader = new WindowReader(memory.split(), source, pages, ticker);
        this.condition = new Condition(memory, source);
        this.agenda = agenda();
        this.limit = perPage();
        source.learned(memory.pageSize());
    }

    void start() {
        ticker.execute(this::turn);
    }

    void stop() {
        stopped = true;
        pages.stop();
        timer.ifPresent(Ticker.Timer::cancel);
    }

    /** Takes up a piece of work, unless it is at it. */
    void request(String id, Window window) {
        if (!agenda.requested(id) && !worked.contains(id)) {
            // whole days, so that each of them can have its period
            Instant first = Window.startOf(Window.dayOf(window.from()));
            Instant last =
                    Window.startOf(Window.dayOf(window.to().minusNanos(1)).plusDays(1));
            Instant readable = memory.layout().readableEnd(now());
            Instant end = last.isBefore(readable) ? last : readable;
            Instant from = memory.requests().getOrDefault(id, first);
            if (from.isBefore(end)) {
                agenda.request(id, new Window(from, end));
                wake();
            }
        }
    }

    /** Looks at the agenda now instead of when the timer rings. */
    void wake() {
        if (!busy && !stopped) {
            timer.ifPresent(Ticker.Timer::cancel);
            ticker.execute(this::turn);
        }
    }

    SplitStatus status(int laneNumber) {
        return condition.status(laneNumber, agenda, ticker.now());
    }

    private void turn() {
        if (stopped || busy) {
            return;
        }
        Instant now = now();
        Agenda.Next next = agenda.next(now, memory.horizon());
        if (sweptAnew().isPresent()) {
            announce();
            return;
        }
        if (next instanceof Agenda.Next.Read read) {
            busy = true;
            if (read.task().kind() == Task.Kind.HOT) {
                run(read.task(), lane.slots().take(ticker));
            } else {
                lane.slots().enter(ticker, slot -> run(read.task(), slot));
            }
        } else if (next instanceof Agenda.Next.Wait wait) {
            timer.ifPresent(Ticker.Timer::cancel);
            timer = Optional.of(ticker.after(Duration.between(now, wait.until()), this::turn));
        }
    }

    private void run(Task task, WindowSlots.Slot slot) {
        observer.turn(memory.split(), task.window());
        ingest(task, slot)
                .onComplete(done -> ticker.execute(() -> {
                    busy = false;
                    slot.leave();
                    observer.turned(
                            memory.split(), Optional.ofNullable(done.cause()).map(SplitLoop::word));
                    if (done.failed()) {
                        failed(task, done.cause());
                    }
                    turn();
                }));
    }

    private static String word(Throwable cause) {
        return cause instanceof ReadFailure failure
                ? failure.reason().word()
                : cause.getClass().getSimpleName();
    }

    private Future<Void> ingest(Task task, WindowSlots.Slot slot) {
        return bring(task.window())
                .compose(v -> read(task, slot))
                .compose(complete -> {
                    if (complete instanceof Complete.Halve) {
                        agenda.halve(task);
                        return Future.succeededFuture();
                    }
                    return settle(task, slot, complete, Set.of(), 0).compose(verdict -> commit(task, verdict));
                })
                .eventually(() -> {
                    letGo(task.window());
                    return Future.succeededFuture();
                });
    }

    // ---- reading

    private Future<Complete> read(Task task, WindowSlots.Slot slot) {
        Duration skew = source.skew();
        slot.reading();
        return readWindow(task).compose(complete -> {
            slot.read();
            Duration stepped = source.skew().minus(skew).abs();
            boolean ahead = complete.began().isAfter(now().plus(SourceContext.TOLERATED_SKEW));
            if (ahead || stepped.compareTo(SourceContext.TOLERATED_SKEW) > 0) {
                // nobody knows when it began, in upstream's time
                String message = "the clock, or upstream's, stepped during the read";
                return Future.failedFuture(ReadFailure.retry(Reason.CLOCK_SKEW, message));
            }
            return Future.succeededFuture(complete);
        });
    }

    private Future<Complete> readWindow(Task task) {
        boolean hotEnd = task.kind() == Task.Kind.HOT;
        return switch (settings().type().shape()) {
            case BUCKETS, SERIES -> reader.buckets(task.window(), memory.layout(), limit, memory.granularity(), hotEnd);
            case LOG -> reader.slice(task.window(), agenda.divisible(task), hotEnd);
            case ENTITIES -> reader.entities(task.window());
        };
    }

    private record Verdict(Complete complete, Admitted admitted, Horizon horizon) {}

    /**
     * Admits what was read. What is gone must be gone in two complete reads in a row, the second made at once, before it is
     * retracted.
     *
     * @param candidates keys that the read before this one showed to be gone
     */
    private Future<Verdict> settle(
            Task task, WindowSlots.Slot slot, Complete complete, Set<Digest> candidates, int confirmations) {
        Admitted seen = admit(task, complete, Map.of());
        Map<Digest, LocalDate> gone = new HashMap<>(seen.vanished());
        boolean agreed = candidates.containsAll(gone.keySet());
        if (!agreed && confirmations < MAX_CONFIRMATIONS) {
            return read(task, slot)
                    .compose(again -> again instanceof Complete.Halve
                            ? Future.failedFuture(
                                    ReadFailure.retry(Reason.UNSTABLE_LISTING, "a slice grew while it was read"))
                            : settle(task, slot, again, gone.keySet(), confirmations + 1));
        }
        gone.keySet().retainAll(candidates);
        if (gone.isEmpty()) {
            return Future.succeededFuture(new Verdict(complete, seen, horizonAfter(task, complete)));
        }
        return texts(gone)
                .map(texts -> new Verdict(complete, admit(task, complete, texts), horizonAfter(task, complete)));
    }

    private Admitted admit(Task task, Complete complete, Map<Digest, String> confirmed) {
        Admitted admitted = decide(task, complete, confirmed);
        if (admitted.seen() != complete.rows()) {
            throw new IllegalStateException(
                    "bug: " + complete.rows() + " rows were read, " + admitted.seen() + " are accounted for");
        }
        return admitted;
    }

    private Admitted decide(Task task, Complete complete, Map<Digest, String> confirmed) {
        Standing standing = standing(complete, horizonAfter(task, complete));
        if (complete instanceof Complete.Buckets buckets) {
            return PointAdmission.admit(
                    buckets.sweep(), memory.index(), standing, settings().publishZeroPoints(), confirmed);
        }
        if (complete instanceof Complete.Slice slice) {
            return EventAdmission.admit(slice.slice(), memory.index(), standing, confirmed);
        }
        Complete.Entities entities = (Complete.Entities) complete;
        return EntityAdmission.admit(
                entities.page().entities(), entities.page().quarantined(), memory.index(), standing);
    }

    private Standing standing(Verdict verdict) {
        return standing(verdict.complete(), verdict.horizon());
    }

    private Standing standing(Complete complete, Horizon after) {
        return new Standing(memory.split(), complete.began(), after.watermark(), memory::closed);
    }

    private Horizon horizonAfter(Task task, Complete complete) {
        Layout layout = memory.layout();
        if (complete instanceof Complete.Buckets buckets && layout instanceof Layout.Series series) {
            layout = new Layout.Series(series.window(), buckets.sweep().grain());
        }
        return memory.horizon()
                .after(task.window(), complete.began(), settings().lookback(), layout);
    }

    /** What retractions repeat: from the segments that hold the keys, or from what was recalled. */
    private Future<Map<Digest, String>> texts(Map<Digest, LocalDate> gone) {
        Map<Digest, String> texts = new HashMap<>();
        Map<SegmentName, Long> places = new HashMap<>();
        gone.values().stream().distinct().forEach(day -> {
            places.putAll(memory.places(day));
            memory.recalled(day).forEach(row -> texts.put(row.key(), row.text()));
        });
        return lane.load(places).map(segments -> {
            segments.forEach(segment ->
                    new SegmentReader(segment).forEach(row -> texts.put(row.key(), row.text()), mark -> {}));
            texts.keySet().retainAll(gone.keySet());
            if (texts.size() < gone.size()) {
                throw new IllegalStateException("no segment of " + memory.split() + " holds a key of the index");
            }
            return texts;
        });
    }

    /** Brings the days of a window onto the heap that are not held there. */
    private Future<Void> bring(Window window) {
        Map<SegmentName, Long> places = new HashMap<>();
        List<LocalDate> recalled = new ArrayList<>();
        LocalDate floor = Window.dayOf(memory.floor());
        window.days().filter(day -> !memory.index().holds(day)).forEach(day -> {
            memory.index().bring(day);
            if (day.isBefore(floor)) {
                recalled.add(day);
            } else {
                places.putAll(memory.places(day));
            }
        });
        Future<Void> segments = places.isEmpty()
                ? Future.succeededFuture()
                : lane.load(places).map(loaded -> {
                    loaded.forEach(this::into);
                    return null;
                });
        return recalled.isEmpty() ? segments : segments.compose(v -> recall(window, Set.copyOf(recalled)));
    }

    private void into(Segment segment) {
        new SegmentReader(segment).into(memory.index().bring(segment.name().day()));
    }

    /** Below the floor the data topic stands in for the index. */
    private Future<Void> recall(Window window, Set<LocalDate> days) {
        Window whole = new Window(
                Window.startOf(Window.dayOf(window.from())),
                Window.startOf(Window.dayOf(window.to().minusNanos(1)).plusDays(1)));
        return lane.published(memory.split(), whole).map(publications -> {
            publications.stream().flatMap(p -> Recall.row(p).stream()).forEach(row -> {
                LocalDate day = Window.dayOf(row.time());
                if (days.contains(day)) {
                    memory.index().bring(day).put(row);
                    memory.recalled(day, row);
                }
            });
            return null;
        });
    }

    private void letGo(Window window) {
        window.days().forEach(memory.index()::letGo);
        memory.forgetRecalled();
    }

    // ---- committing

    private Future<Void> commit(Task task, Verdict verdict) {
        setAsideWhatDoesNotFit(verdict, task.window());
        observer.admitted(memory.split(), verdict.admitted());
        condition.succeeded(task, verdict.complete(), memory.horizon());
        noteChanges(verdict);
        if (verdict.complete() instanceof Complete.Buckets buckets) {
            notice(buckets);
        }
        agenda.finished(task, now(), verdict.horizon());
        if (verdict.complete() instanceof Complete.Slice slice
                && slice.slice().events().size() * 4L < source.pageSize()) {
            agenda.grow();
        }
        BatchComposer composer = new BatchComposer(
                memory,
                verdict.admitted(),
                verdict.horizon(),
                task.request().map(id -> task.window()),
                verdict.complete().began(),
                now());
        memory.learned(source.pageSize());
        return lane.load(composer.needed())
                .compose(loaded -> publish(composer, loaded, verdict.horizon(), statuses(task)));
    }

    private Future<Void> publish(BatchComposer composer, List<Segment> loaded, Horizon horizon, List<WorkStatus> work) {
        Optional<Instant> swept = sweptAnew();
        var progress = condition.progress(agenda, horizon, swept, ticker.now());
        Optional<Publication.Progress> due = Optional.of(progress).filter(p -> BatchComposer.due(memory.progress(), p));
        Outgoing outgoing = composer.compose(loaded, swept, due, work);
        if (!outgoing.worthCommitting()) {
            memory.ahead(horizon);
            told();
            return Future.succeededFuture();
        }
        return lane.commit(outgoing.batch()).map(places -> {
            committed(outgoing, places);
            return null;
        });
    }

    private void committed(Outgoing outgoing, Map<SegmentName, Long> places) {
        outgoing.batch().segments().forEach(segment -> {
            SegmentName name = segment.name();
            memory.place(name, Optional.ofNullable(places.get(name)).orElseThrow(), segment.content().length);
        });
        outgoing.rows().forEach((day, rows) -> {
            if (memory.index().holds(day)) {
                rows.forEach(memory.index().day(day)::put);
            }
        });
        outgoing.marks().forEach((day, marks) -> {
            if (memory.index().holds(day)) {
                marks.forEach(memory.index().day(day)::mark);
            }
        });
        outgoing.batch().seals().forEach(memory::seal);
        outgoing.batch().dropped().forEach(memory::drop);
        outgoing.progress().ifPresent(memory::published);
        memory.advance(outgoing.horizon(), outgoing.floor(), outgoing.closedUntil(), outgoing.sweptAt());
        agenda.raise(outgoing.floor());
        told();
    }

    private void told() {
        observer.split(status(lane.number()));
        agenda.passedAt().ifPresent(at -> observer.caughtUp(memory.split(), at));
    }

    private List<WorkStatus> statuses(Task task) {
        if (task.request().isEmpty()) {
            return List.of();
        }
        String id = task.request().get();
        boolean finished = !agenda.requested(id);
        if (finished) {
            memory.requests().remove(id);
            worked.add(id);
        } else {
            memory.requests().put(id, task.window().to());
        }
        return List.of(
                new WorkStatus(id, memory.split(), task.window().to(), finished, Optional.empty(), ticker.now()));
    }

    /** A record that the log would not take is quarantined by its digest: a commit that holds it would be refused whole, for ever. */
    private void setAsideWhatDoesNotFit(Verdict verdict, Window window) {
        List<Publication> tooLarge = verdict.admitted().publications().stream()
                .filter(publication -> !lane.fits(publication))
                .toList();
        for (Publication publication : tooLarge) {
            Recall.row(publication).ifPresent(row -> {
                Quarantined instead = new Quarantined(
                        Reason.RECORD_TOO_LARGE,
                        "the record would be larger than the log takes",
                        "",
                        Optional.empty(),
                        row.content(),
                        row.time());
                verdict.admitted().setAside(row.key(), publication, instead, window, memory.index(), standing(verdict));
            });
        }
    }

    /** Counts how old what changed was: the lookback, a promise about upstream, is checked by measuring. */
    private void noteChanges(Verdict verdict) {
        int late = 0;
        for (Publication publication : verdict.admitted().publications()) {
            Optional<Instant> end = endOf(publication);
            boolean readBefore = end.filter(at -> at.isAfter(memory.start())
                            && !at.isAfter(memory.horizon().frontier()))
                    .isPresent();
            if (readBefore) {
                Duration age = Duration.between(end.get(), verdict.complete().began());
                memory.ages().add(age);
                late += age.compareTo(settings().lookback()) > 0 ? 1 : 0;
            }
        }
        if (late > 0) {
            observer.lateChanges(memory.split(), late);
        }
        Admitted admitted = verdict.admitted();
        if (admitted.restated() >= BULK_ROWS && admitted.restated() * BULK_SHARE > admitted.seen()) {
            observer.restatedInBulk(memory.split(), admitted.restated(), admitted.seen());
        }
    }

    private static Optional<Instant> endOf(Publication publication) {
        if (publication instanceof PointRevision point) {
            return Optional.of(point.start().plus(point.grain().width()));
        }
        // an event takes no time, but a read up to its time has not seen it
        return publication instanceof EventRevision event
                ? Optional.of(event.event().time().plusNanos(1))
                : Optional.empty();
    }

    private void notice(Complete.Buckets buckets) {
        if (buckets.sweep().missing() > 0) {
            observer.gaps(memory.split(), buckets.sweep().missing());
        }
        if (memory.layout() instanceof Layout.Series series
                && memory.granularity().isEmpty()) {
            memory.pin(buckets.sweep().grain());
            agenda.lay(new Layout.Series(series.window(), buckets.sweep().grain()));
        }
    }

    // ---- failing

    private void failed(Task task, Throwable cause) {
        if (stopped || cause instanceof SinkException) {
            return; // the lane opens again, with loops of its own
        }
        if (!(cause instanceof ReadFailure failure)) {
            lane.broken(memory.split(), cause);
            return;
        }
        if (failure.severity() == Severity.TOO_LARGE && limit > 1) {
            limit = settings().type().shape() == io.usagestream.source.StreamType.Shape.SERIES ? 1 : limit / 2;
            return;
        }
        if (failure.earliest().filter(at -> at.isAfter(memory.start())).isPresent()) {
            Layout layout = memory.layout();
            Instant earliest = failure.earliest().get();
            Instant aligned = layout.floor(earliest);
            memory.startAt(aligned.isBefore(earliest) ? aligned.plus(layout.step()) : aligned);
            agenda = agenda();
            return;
        }
        condition.failed(failure);
        observer.windowFailed(memory.split(), failure.reason(), failure.text());
        Instant now = now();
        agenda.failed(task, now.plus(pause(failure)));
        if (condition.givenUp()) {
            observer.gaveUp(memory.split(), failure.reason(), failure.text());
        }
        announce();
    }

    private Duration pause(ReadFailure failure) {
        if (failure.reason() == Reason.NOT_FOUND) {
            return Duration.ofHours(1);
        }
        return switch (failure.severity()) {
            case HALT_STREAM -> Duration.ofMinutes(15);
            case HALT_SOURCE -> Duration.ofSeconds(1); // the source's gate decides
            case RETRY, TOO_LARGE ->
                WINDOWS.after(condition.failures(), ticker.random()).plusMillis(500);
        };
    }

    /** When the whole lookback was last swept, if that is not committed yet. */
    private Optional<Instant> sweptAnew() {
        return agenda.passedAt().filter(at -> !memory.sweptAt().equals(Optional.of(at)));
    }

    /** Publishes progress that no read carries, if it says something new; then goes on. */
    private void announce() {
        busy = true;
        Instant now = ticker.now();
        BatchComposer composer =
                new BatchComposer(memory, Admitted.nothing(), memory.horizon(), Optional.empty(), now, now);
        publish(composer, List.of(), memory.horizon(), List.of())
                .onComplete(done -> ticker.execute(() -> {
                    busy = false;
                    if (done.failed()) {
                        failedToAnnounce(done.cause());
                    }
                    turn();
                }));
    }

    private void failedToAnnounce(Throwable cause) {
        if (!stopped && !(cause instanceof SinkException)) {
            lane.broken(memory.split(), cause);
        }
    }

    // ---- what it is made of

    private Agenda agenda() {
        StreamSettings s = settings();
        Cadence cadence = new Cadence(
                memory.start(),
                s.pollInterval(),
                s.hot(),
                s.sweepInterval(),
                s.lookback(),
                s.rescanDaily(),
                s.rescanWeekly());
        Duration offset = Duration.ofMillis(Math.floorMod(ticker.random(), SPREAD.toMillis()));
        return new Agenda(cadence, memory.layout(), memory.floor(), now(), offset);
    }

    private int perPage() {
        return memory.layout() instanceof Layout.Buckets buckets ? buckets.perPage() : 2;
    }

    private StreamSettings settings() {
        return memory.settings();
    }

    Split split() {
        return memory.split();
    }

    private Instant now() {
        return source.now(ticker.now());
    }
}
