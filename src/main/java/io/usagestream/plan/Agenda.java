package io.usagestream.plan;

import static io.usagestream.plan.Horizon.earlier;
import static io.usagestream.plan.Horizon.later;

import io.usagestream.stream.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a split reads next, and when.
 *
 * <p>Four kinds of reading take turns. The <b>hot end</b> at every poll. The <b>pass</b>, upwards from the watermark to now: at the
 * first start it reads history, later the rest of the lookback, and where it meets what has come of age it moves the watermark;
 * there is no other mechanism for history, outages and settling. The <b>re-scans</b> below the watermark, and <b>requests</b>.
 * Hot end and pass alternate while both are due, so that neither history nor a failing window delays the newest.
 */
public final class Agenda {
    /** What comes next. */
    public sealed interface Next {
        /** A window to read now. */
        record Read(Task task) implements Next {}

        /** Nothing before that time. */
        record Wait(Instant until) implements Next {}
    }

    private static final Duration DAY = Duration.ofDays(1);

    private final Cadence cadence;
    private Layout layout;
    private Instant floor;
    private final HotEnd hotEnd;
    private final Passes passes;
    private final Rescans rescans;
    private final Requests requests;
    private final Stride stride;
    private boolean hotBefore;
    private Instant latest = Instant.MIN;

    /** @param floor below it nothing is re-scanned */
    public Agenda(Cadence cadence, Layout layout, Instant floor, Instant now, Spread spread) {
        this.cadence = cadence;
        this.layout = layout;
        this.floor = floor;
        hotEnd = new HotEnd(cadence, now, spread);
        passes = new Passes(cadence, now, spread);
        rescans = new Rescans(cadence, now, spread);
        requests = new Requests(now);
        stride = new Stride(layout.step());
    }

    /** Whether the newest history has been reached: what is left is the hot end. */
    public boolean caughtUp(Horizon horizon, Instant now) {
        return !horizon.frontier().isBefore(hotEnd.start(layout, now));
    }

    /** When the last complete pass over the whole lookback began. */
    public Optional<Instant> passedAt() {
        return passes.passedAt();
    }

    /** The layout changed: upstream's granularity is known now. */
    public void lay(Layout known) {
        layout = known;
    }

    /** The floor moved. */
    public void raise(Instant to) {
        floor = later(floor, to);
    }

    /** Work below live work: a window to read, once. */
    public void request(String id, Window window) {
        requests.add(id, window);
    }

    public boolean requested(String id) {
        return requests.has(id);
    }

    /** A piece of work must not be done. */
    public void drop(String request) {
        requests.drop(request);
    }

    /** Takes over the work that another agenda was asked for, and the re-scans that were due or under way. */
    public void carry(Agenda from) {
        requests.carry(from.requests);
        rescans.carry(from.rescans);
    }

    /** What comes next. */
    public Next next(Instant now, Horizon horizon) {
        heed(now);
        Optional<Task> hot = hot(now, horizon);
        if (hot.isPresent() && !hotBefore) {
            return new Next.Read(hot.get());
        }
        Optional<Task> below = pass(now, horizon).or(() -> request(now)).or(() -> rescan(now, horizon));
        return below.or(() -> hot).<Next>map(Next.Read::new).orElseGet(() -> wait(wake(), now));
    }

    /** The hot end, or when it is due: what comes next for a split that has no room for more. */
    public Next newest(Instant now, Horizon horizon) {
        heed(now);
        return hot(now, horizon).<Next>map(Next.Read::new).orElseGet(() -> wait(hotEnd.wake(), now));
    }

    private static Next wait(Instant until, Instant now) {
        return new Next.Wait(until.isAfter(now) ? until : now.plusMillis(1));
    }

    /** Whether a task reads history. A poll does when all that was missed is one page: then that comes along. */
    public boolean readsHistory(Task task, Instant now) {
        return task.kind() != Task.Kind.HOT
                || layout instanceof Layout.Buckets && task.window().from().isBefore(hotEnd.start(layout, now));
    }

    /** A task's window was read to its end and committed. */
    public void finished(Task task, Instant now) {
        hotBefore = task.kind() == Task.Kind.HOT;
        Instant to = task.window().to();
        switch (task.kind()) {
            case HOT -> hotEnd.finished(to, layout, now);
            case PASS -> passes.finished(to);
            case RESCAN -> rescans.finished(to);
            case REQUEST -> requests.finished(task.request().orElseThrow(), to);
        }
    }

    /** A task's window could not be read: it is tried again then, and holds nothing else. */
    public void failed(Task task, Instant again) {
        hotBefore = task.kind() == Task.Kind.HOT;
        stride.failed();
        switch (task.kind()) {
            case HOT -> hotEnd.failed(again);
            case PASS -> passes.failed(again);
            case RESCAN -> rescans.failed(again);
            case REQUEST -> requests.failed(task.request().orElseThrow(), again);
        }
    }

    /**
     * What is read after a task, if it ends as it should: what can be asked for meanwhile. None while something else may come first.
     */
    public Optional<Task> following(Task task, Instant now) {
        if (hotEnd.due(now)) {
            return Optional.empty();
        }
        Instant to = task.window().to();
        return switch (task.kind()) {
            case PASS -> passes.from(to, layout, now).map(p -> stretch(p, now));
            case REQUEST ->
                task.request()
                        .filter(id -> !passes.due(now))
                        .flatMap(id -> requests.from(id, to))
                        .map(this::asked);
            case HOT, RESCAN -> Optional.empty();
        };
    }

    /** Whether a task that was thought to follow does. */
    public boolean stands(Task task) {
        Instant from = task.window().from();
        return switch (task.kind()) {
            case PASS -> passes.standsAt(from);
            case REQUEST -> requests.standsAt(task.request().orElseThrow(), from, layout);
            case HOT, RESCAN -> false;
        };
    }

    /** A slice holds more than a page, whose rows lie within that time: read shorter ones. */
    public void overflowed(Task task, Duration shown) {
        stride.overflowed(task.slice(), shown);
    }

    /** A task's window was read, in that time. */
    public void read(Task task, int rows, int pageSize, Duration time) {
        if (layout instanceof Layout.Log) {
            stride.fitted(task.window(), rows, pageSize, layout.step());
        }
        if (task.kind() != Task.Kind.HOT) {
            stride.took(time, rows);
        }
    }

    /** A clock that went back takes what was due along, else nothing would be read until it is where it was. */
    private void heed(Instant now) {
        if (now.isBefore(latest)) {
            Duration back = Duration.between(now, latest);
            hotEnd.wentBack(back);
            passes.wentBack(back, now);
            rescans.wentBack(back);
            requests.wentBack(back);
        }
        latest = now;
    }

    private Optional<Task> hot(Instant now, Horizon horizon) {
        return hotEnd.next(now, layout, horizon, stride.slice()).map(window -> task(Task.Kind.HOT, window));
    }

    private Optional<Task> pass(Instant now, Horizon horizon) {
        return passes.next(now, layout, horizon, caughtUp(horizon, now)).map(p -> stretch(p, now));
    }

    /** The next window of a pass. */
    private Task stretch(Pass pass, Instant now) {
        Instant from = pass.position();
        return task(Task.Kind.PASS, new Window(from, strided(from, pass.bound(layout.readableEnd(now)))));
    }

    private Optional<Task> request(Instant now) {
        return requests.next(now).map(this::asked);
    }

    private Task asked(Requests.Rest rest) {
        Instant from = layout.floor(rest.window().from());
        Instant to = earlier(byDays(from), layout.floor(rest.window().to()));
        if (!from.isBefore(to)) {
            to = from.plus(layout instanceof Layout.Log ? Stride.SHORTEST : layout.step());
        }
        return new Task(Task.Kind.REQUEST, new Window(from, to), stride.slice(), Optional.of(rest.id()));
    }

    private Optional<Task> rescan(Instant now, Horizon horizon) {
        return rescans.next(now, layout, later(floor, cadence.start()), horizon.watermark())
                .map(rest -> new Window(rest.from(), earlier(byDays(rest.from()), rest.to())))
                .map(window -> task(Task.Kind.RESCAN, window));
    }

    /** The end of a window that begins then and brings few days of the index onto the heap: a slice, a window, or a day's worth. */
    private Instant byDays(Instant from) {
        if (layout instanceof Layout.Log) {
            return strided(from, from.plus(DAY));
        }
        Duration step = layout.step();
        Instant aDay = layout.floor(from.plus(DAY));
        return from.plus(step).isBefore(aDay) || !from.isBefore(aDay) ? from.plus(step) : aDay;
    }

    /** As far as is read and committed at a time. A series comes whole for a window. */
    private Instant strided(Instant from, Instant end) {
        Duration once = layout instanceof Layout.Log ? stride.slice() : layout.step();
        int times = layout instanceof Layout.Series ? 1 : stride.together();
        return earlier(from.plus(once.multipliedBy(times)), end);
    }

    private Task task(Task.Kind kind, Window window) {
        return new Task(kind, window, stride.slice(), Optional.empty());
    }

    private Instant wake() {
        return earlier(earlier(hotEnd.wake(), passes.wake()), earlier(rescans.wake(), requests.wake()));
    }
}
