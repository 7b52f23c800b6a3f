package io.usagestream.plan;

import static io.usagestream.plan.Horizon.earlier;
import static io.usagestream.plan.Horizon.later;

import io.usagestream.stream.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
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
    /** What an offset is a part of. */
    public static final Duration SPREAD = Duration.ofHours(1);

    private static final Duration STEP = Duration.ofMinutes(1);

    private final Cadence cadence;
    private final Duration offset;
    private Layout layout;
    private Instant floor;

    private Instant nextHot;
    private Instant nextPass;
    private Optional<Pass> pass = Optional.empty();
    private Optional<Instant> passedAt = Optional.empty();
    private Instant nextRequest;
    private final Map<String, Window> requests = new LinkedHashMap<>();
    private long passes;
    private boolean polled;
    private final Stride stride;
    private final Rescans rescans;
    private boolean hotBefore;
    /** The end of the last hot slice of a log: it may be far ahead of the frontier while history is read. */
    private Instant hotRead = Instant.MIN;

    private Instant latest = Instant.MIN;

    /**
     * @param floor below it nothing is re-scanned
     * @param offset less than {@link #SPREAD}; spreads what comes again: many splits that start together would else poll, sweep and
     *     re-scan together for ever
     */
    public Agenda(Cadence cadence, Layout layout, Instant floor, Instant now, Duration offset) {
        this.cadence = cadence;
        this.offset = offset;
        this.layout = layout;
        this.floor = floor;
        this.stride = new Stride(layout.step());
        nextHot = now;
        nextPass = now;
        nextRequest = now;
        rescans = new Rescans(cadence, now, offset);
    }

    /** Whether the newest history has been reached: what is left is the hot end. */
    public boolean caughtUp(Horizon horizon, Instant now) {
        return !horizon.frontier().isBefore(hotStart(now));
    }

    /** When the last complete pass over the whole lookback began. */
    public Optional<Instant> passedAt() {
        return passedAt;
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
        requests.put(id, window);
    }

    public boolean requested(String id) {
        return requests.containsKey(id);
    }

    /** A piece of work must not be done. */
    public void drop(String request) {
        requests.remove(request);
    }

    /** Takes over the work that another agenda was asked for. */
    public void carry(Agenda from) {
        requests.putAll(from.requests);
    }

    /** What comes next. */
    public Next next(Instant now, Horizon horizon) {
        heed(now);
        Optional<Task> hot = due(nextHot, now) ? hot(now, horizon) : Optional.empty();
        if (hot.isPresent() && !hotBefore) {
            return new Next.Read(hot.get());
        }
        Optional<Task> below = pass(now, horizon).or(() -> request(now)).or(() -> rescan(now, horizon));
        return below.or(() -> hot).<Next>map(Next.Read::new).orElseGet(() -> new Next.Wait(wake(now)));
    }

    /** The hot end, or when it is due: what comes next for a split that has no room for more. */
    public Next newest(Instant now, Horizon horizon) {
        heed(now);
        Optional<Task> hot = due(nextHot, now) ? hot(now, horizon) : Optional.empty();
        return hot.<Next>map(Next.Read::new)
                .orElseGet(() -> new Next.Wait(nextHot.isAfter(now) ? nextHot : now.plusMillis(1)));
    }

    /** Whether a task reads history. A poll does when all that was missed is one page: then that comes along. */
    public boolean readsHistory(Task task, Instant now) {
        return task.kind() != Task.Kind.HOT
                || layout instanceof Layout.Buckets && task.window().from().isBefore(hotStart(now));
    }

    /** A task's window was read to its end and committed. */
    public void finished(Task task, Instant now, Horizon horizon) {
        hotBefore = task.kind() == Task.Kind.HOT;
        Instant to = task.window().to();
        switch (task.kind()) {
            case HOT -> {
                hotRead = later(hotRead, to);
                // a slice that was cut short is followed by the next at once
                if (!to.plus(cadence.poll()).isBefore(layout.closedEnd(now))) {
                    nextHot = pollAfter(now);
                }
            }
            case PASS -> pass = pass.map(p -> p.at(later(p.position(), to)));
            case RESCAN -> rescans.finished(to);
            case REQUEST -> {
                String id = task.request().orElseThrow();
                requests.computeIfPresent(id, (i, w) -> rest(id, to).orElse(null));
            }
        }
    }

    /** The first poll is followed by the second after a part of the interval, which differs from split to split. */
    private Instant pollAfter(Instant now) {
        if (!polled) {
            polled = true;
            return now.plus(part(cadence.poll()));
        }
        return later(nextHot.plus(cadence.poll()), now.plus(cadence.poll().dividedBy(2)));
    }

    private Duration part(Duration interval) {
        return interval.multipliedBy(1 + offset.toMillis()).dividedBy(SPREAD.toMillis());
    }

    /** A task's window could not be read: it is tried again then, and holds nothing else. */
    public void failed(Task task, Instant again) {
        hotBefore = task.kind() == Task.Kind.HOT;
        stride.failed();
        switch (task.kind()) {
            case HOT -> nextHot = again;
            case PASS -> nextPass = again;
            case RESCAN -> rescans.failed(again);
            case REQUEST -> {
                nextRequest = again;
                last(task.request().orElseThrow());
            }
        }
    }

    /** What could not be read lets other work go first. */
    private void last(String request) {
        Optional.ofNullable(requests.remove(request)).ifPresent(window -> requests.put(request, window));
    }

    /**
     * What is read after a task, if it ends as it should: what can be asked for meanwhile. None while something else may come first.
     */
    public Optional<Task> following(Task task, Instant now) {
        if (due(nextHot, now)) {
            return Optional.empty();
        }
        Instant to = task.window().to();
        Instant end = layout.readableEnd(now);
        return switch (task.kind()) {
            case PASS ->
                pass.map(p -> p.at(to).skipped())
                        .filter(p -> p.position().isBefore(earlier(layout.readableEnd(p.began()), end)))
                        .map(p -> stretch(p, end));
            case REQUEST ->
                task.request()
                        .filter(id -> !due(nextPass, now))
                        .flatMap(id -> rest(id, to))
                        .map(rest -> asked(task.request(), rest));
            case HOT, RESCAN -> Optional.empty();
        };
    }

    /** Whether a task that was thought to follow does. */
    public boolean stands(Task task) {
        Instant from = task.window().from();
        return switch (task.kind()) {
            case PASS -> pass.filter(p -> p.skipped().position().equals(from)).isPresent();
            case REQUEST ->
                task.request()
                        .flatMap(id -> Optional.ofNullable(requests.get(id)))
                        .filter(window -> layout.floor(window.from()).equals(from))
                        .isPresent();
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
            nextHot = nextHot.minus(back);
            nextPass = nextPass.minus(back);
            nextRequest = nextRequest.minus(back);
            rescans.wentBack(back);
            if (back.compareTo(STEP) > 0) {
                // nobody knows when it began
                pass = Optional.empty();
                nextPass = earlier(nextPass, now);
            }
        }
        latest = now;
    }

    private Optional<Task> hot(Instant now, Horizon horizon) {
        Instant end = layout.readableEnd(now);
        Instant from = later(hotStart(now), layout.floor(cadence.start()));
        if (layout instanceof Layout.Log) {
            // only what is new; with history still to be read, the newest stretch on its own
            from = later(later(from, horizon.frontier()), hotRead);
        } else if (!horizon.frontier().plus(layout.step()).isBefore(end)) {
            from = later(layout.floor(earlier(from, horizon.frontier())), layout.floor(cadence.start()));
        }
        if (!from.isBefore(end)) {
            nextHot = pollAfter(now);
            return Optional.empty();
        }
        Instant to = layout instanceof Layout.Log ? earlier(from.plus(stride.slice()), end) : end;
        return Optional.of(task(Task.Kind.HOT, from, to));
    }

    private Optional<Task> pass(Instant now, Horizon horizon) {
        if (!due(nextPass, now)) {
            return Optional.empty();
        }
        Pass current = pass.orElseGet(() -> begin(now, horizon)).skipped();
        Instant end = layout.readableEnd(now);
        boolean reached = !current.position().isBefore(layout.readableEnd(current.began()));
        if (!current.position().isBefore(end) || reached && caughtUp(horizon, now)) {
            pass = Optional.empty();
            passedAt = current.whole() ? Optional.of(current.began()) : passedAt;
            Duration pause = passes == 1 ? part(cadence.sweep()) : cadence.sweep();
            nextPass = later(current.began().plus(pause), now);
            return Optional.empty();
        }
        pass = Optional.of(current);
        return Optional.of(stretch(current, end));
    }

    /** The next window of a pass. */
    private Task stretch(Pass current, Instant end) {
        return task(Task.Kind.PASS, current.position(), strided(current.position(), current.bound(end)));
    }

    /**
     * Begins a pass. For buckets it is whole: a page or two hold the lookback. A log's lookback may be thousands of pages, so only
     * the first pass is whole; the n-th then covers what has come of age for good, and at the new end a stretch that is the longer the
     * more often 4 divides n: every event is read again at about the ages 1, 4, 16 … intervals.
     */
    private Pass begin(Instant now, Horizon horizon) {
        Instant from = layout.floor(later(horizon.watermark(), cadence.start()));
        long n = passes++;
        Duration reach = cadence.sweep().multipliedBy(2);
        for (long rest = n; n > 0 && rest % 4 == 0; rest /= 4) {
            reach = reach.multipliedBy(4);
        }
        boolean whole = !(layout instanceof Layout.Log) || n == 0 || reach.compareTo(cadence.lookback()) >= 0;
        Instant settled = layout.floor(now.minus(cadence.lookback()));
        return new Pass(now, from, settled, layout.floor(now.minus(reach)), whole);
    }

    private Optional<Task> request(Instant now) {
        if (!due(nextRequest, now) || requests.isEmpty()) {
            return Optional.empty();
        }
        Map.Entry<String, Window> first = requests.entrySet().iterator().next();
        return Optional.of(asked(Optional.of(first.getKey()), first.getValue()));
    }

    private Task asked(Optional<String> request, Window window) {
        Instant from = layout.floor(window.from());
        Instant to = earlier(byDays(from), layout.floor(window.to()));
        if (!from.isBefore(to)) {
            to = from.plus(layout instanceof Layout.Log ? Stride.SHORTEST : layout.step());
        }
        return new Task(Task.Kind.REQUEST, new Window(from, to), stride.slice(), request);
    }

    /** What of a piece of work comes after a time. */
    private Optional<Window> rest(String request, Instant from) {
        return Optional.ofNullable(requests.get(request))
                .filter(window -> from.isBefore(window.to()))
                .map(window -> new Window(from, window.to()));
    }

    private Optional<Task> rescan(Instant now, Horizon horizon) {
        return rescans.next(now, layout, later(floor, cadence.start()), horizon.watermark())
                .map(rest -> task(Task.Kind.RESCAN, rest.from(), earlier(byDays(rest.from()), rest.to())));
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

    private Task task(Task.Kind kind, Instant from, Instant to) {
        return new Task(kind, new Window(from, to), stride.slice(), Optional.empty());
    }

    private Instant hotStart(Instant now) {
        return layout.floor(now.minus(cadence.hot()));
    }

    private Instant wake(Instant now) {
        Instant below = earlier(nextPass, rescans.wake());
        below = requests.isEmpty() ? below : earlier(below, nextRequest);
        Instant wake = earlier(nextHot, below);
        return wake.isAfter(now) ? wake : now.plusMillis(1);
    }

    private static boolean due(Instant at, Instant now) {
        return !at.isAfter(now);
    }
}
