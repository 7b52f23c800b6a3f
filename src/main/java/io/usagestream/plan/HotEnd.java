package io.usagestream.plan;

import static io.usagestream.plan.Horizon.earlier;
import static io.usagestream.plan.Horizon.later;

import io.usagestream.stream.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** When the newest is read, and from where: at every poll, as far back as a poll looks. */
final class HotEnd {
    private final Cadence cadence;
    private final Spread spread;
    private Instant next;
    private boolean polled;
    /** The end of a log's last slice: it may be far ahead of the frontier while history is read. */
    private Instant read = Instant.MIN;

    HotEnd(Cadence cadence, Instant now, Spread spread) {
        this.cadence = cadence;
        this.spread = spread;
        next = now;
    }

    /** Where it begins. */
    Instant start(Layout layout, Instant now) {
        return layout.floor(now.minus(cadence.hot()));
    }

    boolean due(Instant now) {
        return !next.isAfter(now);
    }

    /**
     * What is to be read now.
     *
     * @param slice the longest stretch of a log
     */
    Optional<Window> next(Instant now, Layout layout, Horizon horizon, Duration slice) {
        if (!due(now)) {
            return Optional.empty();
        }
        Instant end = layout.readableEnd(now);
        Instant from = later(start(layout, now), layout.floor(cadence.start()));
        if (layout instanceof Layout.Log) {
            // only what is new; with history still to be read, the newest stretch on its own
            from = later(later(from, horizon.frontier()), read);
        } else if (!horizon.frontier().plus(layout.step()).isBefore(end)) {
            from = later(layout.floor(earlier(from, horizon.frontier())), layout.floor(cadence.start()));
        }
        if (!from.isBefore(end)) {
            next = pollAfter(now);
            return Optional.empty();
        }
        return Optional.of(new Window(from, layout instanceof Layout.Log ? earlier(from.plus(slice), end) : end));
    }

    /** What lies before that is read. A slice that was cut short is followed by the next at once. */
    void finished(Instant to, Layout layout, Instant now) {
        read = later(read, to);
        if (!to.plus(cadence.poll()).isBefore(layout.closedEnd(now))) {
            next = pollAfter(now);
        }
    }

    /** The first poll is followed by the second after a part of the interval, which differs from split to split. */
    private Instant pollAfter(Instant now) {
        if (!polled) {
            polled = true;
            return now.plus(spread.part(cadence.poll()));
        }
        return later(next.plus(cadence.poll()), now.plus(cadence.poll().dividedBy(2)));
    }

    /** It is tried again then. */
    void failed(Instant again) {
        next = again;
    }

    /** The clock went back, and what was due goes along. */
    void wentBack(Duration back) {
        next = next.minus(back);
    }

    /** Before that there is nothing to do. */
    Instant wake() {
        return next;
    }
}
