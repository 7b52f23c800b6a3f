package io.usagestream.ingest;

import io.usagestream.checkpoint.Segment;
import io.usagestream.checkpoint.SegmentName;
import io.usagestream.dedup.Admitted;
import io.usagestream.plan.Agenda;
import io.usagestream.plan.Horizon;
import io.usagestream.plan.Layout;
import io.usagestream.plan.Task;
import io.usagestream.stream.Publication.Progress;
import io.usagestream.stream.Reason;
import io.usagestream.stream.WorkStatus;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Commits what was let through of a window with the progress that it makes, and moves the memory once that is acknowledged. */
final class WindowCommit {
    private final SplitMemory memory;
    private final SourceContext source;
    private final LaneCommits lane;
    private final Ticker ticker;
    private final Observer observer;
    private final Condition condition;
    private final WindowReview review;
    /** Work that was finished here: it may be offered again before the news of that has come round. */
    private final Set<String> worked = new HashSet<>();

    WindowCommit(
            SplitMemory memory,
            SourceContext source,
            LaneCommits lane,
            Ticker ticker,
            Observer observer,
            Condition condition) {
        this.memory = memory;
        this.source = source;
        this.lane = lane;
        this.ticker = ticker;
        this.observer = observer;
        this.condition = condition;
        this.review = new WindowReview(memory, lane);
    }

    /** Whether a piece of work was finished here. */
    boolean finished(String request) {
        return worked.contains(request);
    }

    /** The id of a piece of work may be that of other work from now on. */
    void forget(String request) {
        worked.remove(request);
    }

    /** What is found out about a batch before the agenda moves. */
    private record Prepared(BatchComposer composer, Map<SegmentName, Long> needed, int late) {}

    /** Commits a window. */
    Future<Void> commit(Task task, Verdict verdict, Agenda agenda) {
        Instant now = now();
        return ticker.aside(verdict.admitted().seen(), () -> prepare(task, verdict, now))
                .compose(prepared -> {
                    tell(task, verdict, prepared.late());
                    if (verdict.complete() instanceof Complete.Buckets buckets) {
                        notice(buckets, agenda);
                    }
                    agenda.finished(task, now());
                    memory.learned(source.pageSize());
                    List<WorkStatus> statuses = statuses(task, agenda);
                    return lane.load(prepared.needed())
                            .compose(
                                    loaded -> publish(prepared.composer(), loaded, verdict.horizon(), statuses, agenda))
                            .onSuccess(v -> begun(task, agenda));
                });
    }

    private void begun(Task task, Agenda agenda) {
        memory.begun().committed(task, memory.index());
        task.request().filter(id -> !agenda.requested(id)).ifPresent(memory.begun()::drop);
    }

    /** Publishes progress that no read carries, if it says something new. */
    Future<Void> announce(Agenda agenda) {
        return publish(withoutRead(), List.of(), memory.horizon(), List.of(), agenda);
    }

    /** Without a read nobody knows upstream's time, and by our clock alone, which may be far ahead, the floor must not move. */
    private BatchComposer withoutRead() {
        Instant unmoved = memory.floor();
        return new BatchComposer(memory, Admitted.nothing(), memory.horizon(), Optional.empty(), ticker.now(), unmoved);
    }

    /** Publishes why the piece of work that a task is of is over before its end. */
    Future<Void> giveUp(Task task, Reason reason, Agenda agenda) {
        String request = task.request().orElseThrow();
        memory.requests().remove(request);
        memory.begun().drop(request);
        worked.add(request);
        WorkStatus status =
                new WorkStatus(request, memory.split(), task.window().from(), true, Optional.of(reason), ticker.now());
        return publish(withoutRead(), List.of(), memory.horizon(), List.of(status), agenda);
    }

    /** Whether the whole lookback was swept since that was last committed. */
    boolean sweptAnew(Agenda agenda) {
        return swept(agenda).isPresent();
    }

    private Optional<Instant> swept(Agenda agenda) {
        return agenda.passedAt().filter(at -> !memory.sweptAt().equals(Optional.of(at)));
    }

    private Prepared prepare(Task task, Verdict verdict, Instant now) {
        review.setAsideWhatDoesNotFit(verdict, task.window());
        int late = review.countAges(verdict);
        BatchComposer composer = new BatchComposer(
                memory,
                verdict.admitted(),
                verdict.horizon(),
                memory.begun().read(task),
                verdict.complete().began(),
                now);
        return new Prepared(composer, composer.needed(), late);
    }

    private void tell(Task task, Verdict verdict, int late) {
        Admitted admitted = verdict.admitted();
        observer.admitted(memory.split(), admitted);
        condition.succeeded(task, verdict.complete(), memory.horizon());
        if (late > 0) {
            observer.lateChanges(memory.split(), late);
        }
        if (WindowReview.inBulk(admitted)) {
            observer.restatedInBulk(memory.split(), admitted.restated(), admitted.seen());
        }
    }

    private void notice(Complete.Buckets buckets, Agenda agenda) {
        if (buckets.sweep().missing() > 0) {
            observer.gaps(memory.split(), buckets.sweep().missing());
        }
        if (memory.layout() instanceof Layout.Series series
                && memory.granularity().isEmpty()
                && !buckets.sweep().buckets().isEmpty()) {
            memory.pin(buckets.sweep().grain());
            agenda.lay(new Layout.Series(series.window(), buckets.sweep().grain()));
        }
    }

    private List<WorkStatus> statuses(Task task, Agenda agenda) {
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

    private Future<Void> publish(
            BatchComposer composer, List<Segment> loaded, Horizon horizon, List<WorkStatus> work, Agenda agenda) {
        Optional<Instant> swept = swept(agenda);
        Progress progress = condition.progress(agenda, horizon, swept, ticker.now());
        Optional<Progress> due = Optional.of(progress).filter(p -> BatchComposer.due(memory.progress(), p));
        int rows = composer.rows() + WindowDays.rows(loaded);
        return ticker.aside(rows, () -> composer.compose(loaded, swept, due, work))
                .compose(outgoing -> {
                    if (!outgoing.worthCommitting()) {
                        memory.ahead(horizon);
                        told(agenda);
                        return Future.succeededFuture();
                    }
                    return lane.commit(outgoing.batch())
                            .compose(places -> ticker.aside(composer.rows(), () -> remember(outgoing, places)))
                            .map(remembered -> {
                                agenda.raise(remembered.floor());
                                told(agenda);
                                return null;
                            });
                });
    }

    private Outgoing remember(Outgoing outgoing, Map<SegmentName, Long> places) {
        outgoing.batch().segments().forEach(segment -> {
            SegmentName name = segment.name();
            memory.segments().put(name, Optional.ofNullable(places.get(name)).orElseThrow(), segment.content().length);
        });
        // first, so that nothing is put where it would be forgotten at once: most of a history that is caught up with
        memory.advance(outgoing.horizon(), outgoing.floor(), outgoing.closedUntil(), outgoing.sweptAt());
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
        outgoing.batch().seals().forEach(memory.seals()::put);
        outgoing.batch().droppedSeals().forEach(memory.seals()::drop);
        outgoing.batch().dropped().forEach(memory.segments()::drop);
        outgoing.progress().ifPresent(memory::published);
        return outgoing;
    }

    private void told(Agenda agenda) {
        observer.split(condition.status(lane.number(), agenda, ticker.now()));
        agenda.passedAt().ifPresent(at -> observer.caughtUp(memory.split(), at));
    }

    private Instant now() {
        return source.now(ticker.now());
    }
}
