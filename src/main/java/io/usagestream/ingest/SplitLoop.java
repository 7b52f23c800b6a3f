package io.usagestream.ingest;

import io.usagestream.ingest.ReadFailure.Severity;
import io.usagestream.plan.Agenda;
import io.usagestream.plan.Spread;
import io.usagestream.plan.Task;
import io.usagestream.sink.SinkException;
import io.usagestream.stream.Split;
import io.usagestream.stream.Window;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The loop of one split. A turn: ask the agenda what to read, read that window to its end, admit it, commit it with the progress it
 * makes, remember it. One direction, no queue; not reading is the back-pressure. One window at a time is admitted and committed; the
 * next may be read meanwhile. A split that waits for room for its next window goes on polling its hot end.
 *
 * <p>What goes through many rows is done beside the event loop. While it is, nothing else of the loop touches the split's memory:
 * a turn is one piece after the other, and what comes from outside only changes the agenda.
 */
final class SplitLoop {
    /** Failed windows of one kind in a row after which a split counts as degraded, and as given up by whoever waits for it. */
    static final int DEGRADED_AFTER = 5;

    private final SplitMemory memory;
    private final SourceContext source;
    private final LaneCommits lane;
    private final Ticker ticker;
    private final Observer observer;
    private final TaskReader reader;
    private final Condition condition;
    private final WindowDays days;
    private final WindowAdmission admission;
    private final WindowCommit commit;
    private final ReadAhead ahead;

    private Agenda agenda;
    private Optional<WindowSlots.Place> place = Optional.empty();
    private Optional<Ticker.Timer> timer = Optional.empty();
    private boolean stopped;
    private boolean busy;

    SplitLoop(SplitMemory memory, SourceContext source, LaneCommits lane, Ticker ticker, Observer observer) {
        this.memory = memory;
        this.source = source;
        this.lane = lane;
        this.ticker = ticker;
        this.observer = observer;
        this.reader = new TaskReader(memory, source, ticker, observer);
        this.condition = new Condition(memory, source);
        this.days = new WindowDays(memory, lane, ticker);
        this.admission = new WindowAdmission(memory, reader, days, ticker);
        this.commit = new WindowCommit(memory, source, lane, ticker, observer, condition);
        this.ahead = new ReadAhead(reader, lane.slots(), ticker, task -> observer.ahead(memory.split(), task.window()));
        this.agenda = agenda();
        source.learned(memory.pageSize());
    }

    void start(Duration pause) {
        if (pause.isZero()) {
            ticker.execute(this::turn);
        } else {
            timer = Optional.of(ticker.after(pause, this::turn));
        }
    }

    void stop() {
        stopped = true;
        reader.stop();
        ahead.stop();
        timer.ifPresent(Ticker.Timer::cancel);
    }

    Split split() {
        return memory.split();
    }

    /** Takes up a piece of work, unless it is at it. */
    void request(String id, Window window) {
        if (!agenda.requested(id) && !commit.finished(id)) {
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

    /** A piece of work is finished: a session before this one did it, and the news of that had not come round when it began again. */
    void finished(String id) {
        agenda.drop(id);
        memory.begun().drop(id);
    }

    /** A piece of work is over for everybody, or was withdrawn: its id may be that of other work later. */
    void forget(String id) {
        finished(id);
        commit.forget(id);
    }

    /** Looks at the agenda now instead of when the timer rings. */
    private void wake() {
        if (!busy && !stopped) {
            timer.ifPresent(Ticker.Timer::cancel);
            ticker.execute(this::turn);
        }
    }

    private void turn() {
        guarded(this::takeTurn);
    }

    /** What cannot happen stops the lane and is said: the loop would else stand still without a word. */
    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            lane.broken(memory.split(), e);
        }
    }

    private void takeTurn() {
        if (stopped || busy) {
            return;
        }
        timer.ifPresent(Ticker.Timer::cancel);
        beginByUpstream();
        Optional<ReadAhead.Begun> begun = ahead.take(agenda);
        if (begun.isPresent()) {
            run(begun.get().task(), begun.get().slot(), begun.get()::reading);
            return;
        }
        Agenda.Next next = next();
        if (commit.sweptAnew(agenda)) {
            announce();
        } else if (next instanceof Agenda.Next.Read read) {
            begin(read.task());
        } else if (next instanceof Agenda.Next.Wait wait) {
            rest(Duration.between(now(), wait.until()));
        }
    }

    private void rest(Duration pause) {
        observer.resting(memory.split(), pause);
        timer = Optional.of(ticker.after(pause, this::turn));
    }

    private Agenda.Next next() {
        return place.isPresent() ? agenda.newest(now(), memory.horizon()) : agenda.next(now(), memory.horizon());
    }

    private void begin(Task task) {
        if (!agenda.readsHistory(task, now())) {
            run(task, lane.slots().take(ticker));
            return;
        }
        if (place.isPresent()) {
            return; // it waits already
        }
        Duration pause = source.pause(false, ticker.now());
        if (!pause.isZero()) {
            waitOutside(pause);
            return;
        }
        WindowSlots.Place entered = lane.slots().enter(ticker, this::enter);
        if (entered.waits()) {
            place = Optional.of(entered);
            turn();
        }
    }

    /**
     * History may not be asked for now, because of the source's gate or its budget. The lane's room is for those who may, so none is
     * taken meanwhile; the hot end is polled all the same.
     */
    private void waitOutside(Duration pause) {
        observer.waiting(memory.split(), pause);
        Agenda.Next newest = agenda.newest(now(), memory.horizon());
        if (newest instanceof Agenda.Next.Read read && !agenda.readsHistory(read.task(), now())) {
            Duration hot = source.pause(true, ticker.now());
            if (hot.isZero()) {
                run(read.task(), lane.slots().take(ticker));
            } else {
                rest(source.nextLook(shorter(hot, pause)));
            }
        } else if (newest instanceof Agenda.Next.Wait wait) {
            rest(shorter(Duration.between(now(), wait.until()), source.nextLook(pause)));
        } else {
            rest(source.nextLook(pause));
        }
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    /** There is room: for what is due now, which may be something else than when the waiting began. */
    private void enter(WindowSlots.Slot slot) {
        place = Optional.empty();
        timer.ifPresent(Ticker.Timer::cancel);
        boolean open = source.pause(false, ticker.now()).isZero();
        if (!stopped && open && next() instanceof Agenda.Next.Read read) {
            run(read.task(), slot);
        } else {
            // not at once: whoever is next may have no use for it either, and so may thousands
            ticker.execute(() -> {
                slot.leave();
                turn();
            });
        }
    }

    private void run(Task task, WindowSlots.Slot slot) {
        run(task, slot, () -> reader.begin(task, slot));
    }

    private void run(Task task, WindowSlots.Slot slot, Supplier<TaskReader.Reading> read) {
        occupy();
        observer.turn(memory.split(), task.window());
        Future.<Void>succeededFuture()
                .compose(v -> ingest(task, slot, read))
                .onComplete(done -> ticker.execute(() -> guarded(() -> {
                    busy = false;
                    slot.leave();
                    observer.turned(
                            memory.split(), Optional.ofNullable(done.cause()).map(SplitLoop::word));
                    if (done.failed()) {
                        failed(task, done.cause());
                    }
                    goOn();
                })));
    }

    private void occupy() {
        busy = true;
        place.ifPresent(WindowSlots.Place::away);
    }

    private void goOn() {
        if (!busy) {
            place.ifPresent(WindowSlots.Place::back);
        }
        turn();
    }

    private static String word(Throwable cause) {
        return cause instanceof ReadFailure failure
                ? failure.reason().word()
                : cause.getClass().getSimpleName();
    }

    private Future<Void> ingest(Task task, WindowSlots.Slot slot, Supplier<TaskReader.Reading> read) {
        return days.bring(task).compose(v -> read(task, slot, read.get())).eventually(() -> {
            days.letGo(task.window());
            return Future.succeededFuture();
        });
    }

    private Future<Void> read(Task task, WindowSlots.Slot slot, TaskReader.Reading reading) {
        reading.arrived().onSuccess(v -> readOn(task));
        return reading.whole().compose(complete -> {
            if (complete instanceof Complete.Halve halve) {
                agenda.overflowed(task, halve.shown());
                return Future.succeededFuture();
            }
            Task done = learned(task, complete, reading.time());
            readOn(done);
            return admission.settle(done, slot, complete).compose(verdict -> commit.commit(done, verdict, agenda));
        });
    }

    private void readOn(Task task) {
        if (!stopped && source.pause(false, ticker.now()).isZero()) {
            ahead.begin(agenda.following(task, now()));
        }
    }

    /** The part of a task that was read. How long it took, and how full it was, is heeded from the next window on. */
    private Task learned(Task task, Complete complete, Duration time) {
        if (!(complete instanceof Complete.Slice slice)) {
            agenda.read(task, complete.rows(), source.pageSize(), time);
            return task;
        }
        Task done = task.until(slice.slice().window().to());
        agenda.read(done, complete.rows(), source.pageSize(), time);
        slice.overflow().ifPresent(shown -> agenda.overflowed(done, shown));
        return done;
    }

    /** Publishes progress that no read carries, if it says something new; then goes on. */
    private void announce() {
        publish(() -> commit.announce(agenda));
    }

    private void publish(Supplier<Future<Void>> what) {
        occupy();
        what.get()
                .onComplete(done -> ticker.execute(() -> guarded(() -> {
                    busy = false;
                    if (done.failed() && !stopped && !(done.cause() instanceof SinkException)) {
                        lane.broken(memory.split(), done.cause());
                    }
                    goOn();
                })));
    }

    private void failed(Task task, Throwable cause) {
        if (stopped || cause instanceof SinkException) {
            return; // the lane opens again, with loops of its own
        }
        beginByUpstream();
        if (!(cause instanceof ReadFailure failure)) {
            lane.broken(memory.split(), cause);
            return;
        }
        if (failure.severity() == Severity.TOO_LARGE && reader.askForLess()) {
            return;
        }
        // a date to come would move the watermark there for good
        Optional<Instant> earliest = failure.earliest().filter(at -> at.isBefore(now()));
        if (failure.severity() == Severity.HALT_STREAM && task.request().isPresent()) {
            giveUp(task, failure);
            return;
        }
        if (earliest.filter(at -> at.isAfter(memory.start())).isPresent()) {
            beginAt(earliest.get());
            return;
        }
        condition.failed(task, failure);
        observer.windowFailed(memory.split(), failure.reason(), failure.text());
        agenda.failed(task, now().plus(condition.pause(task, failure, ticker::random)));
        if (condition.givenUp()) {
            observer.gaveUp(memory.split(), failure.reason(), failure.text());
        }
        announce();
    }

    /** Upstream does not go back as far as was configured. */
    private void beginAt(Instant earliest) {
        memory.startAt(memory.layout().ceil(earliest));
        planAnew();
    }

    /** What the first answer says of the time comes before the first commit, which settles where history begins. */
    private void beginByUpstream() {
        if (memory.beginBy(now())) {
            planAnew();
        }
    }

    private void planAnew() {
        Agenda before = agenda;
        agenda = agenda();
        agenda.carry(before);
    }

    /**
     * Upstream refuses a window that somebody asked for, older than what it keeps most times: whoever asked is told, and asks for
     * less. It says nothing of the newest, which goes on as before.
     */
    private void giveUp(Task task, ReadFailure failure) {
        observer.windowFailed(memory.split(), failure.reason(), failure.text());
        agenda.drop(task.request().orElseThrow());
        publish(() -> commit.giveUp(task, failure.reason(), agenda));
    }

    private Agenda agenda() {
        return new Agenda(memory.cadence(), memory.layout(), memory.floor(), now(), Spread.of(ticker.random()));
    }

    private Instant now() {
        return source.now(ticker.now());
    }
}
