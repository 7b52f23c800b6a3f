package io.usagestream.plan;

import static io.usagestream.plan.Horizon.earlier;
import static io.usagestream.plan.Horizon.later;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** When a pass from the watermark to now begins, how far up it reads, and where the one is that is under way. */
final class Passes {
    private static final Duration STEP = Duration.ofMinutes(1);

    private final Cadence cadence;
    private final Spread spread;
    private Instant next;
    private Optional<Pass> pass = Optional.empty();
    private Optional<Instant> passedAt = Optional.empty();
    private long begun;

    Passes(Cadence cadence, Instant now, Spread spread) {
        this.cadence = cadence;
        this.spread = spread;
        next = now;
    }

    /** When the last complete pass over the whole lookback began. */
    Optional<Instant> passedAt() {
        return passedAt;
    }

    boolean due(Instant now) {
        return !next.isAfter(now);
    }

    /**
     * The pass that is to be read on now, at its place; a new one, when one is due.
     *
     * @param caughtUp whether the newest history has been reached
     */
    Optional<Pass> next(Instant now, Layout layout, Horizon horizon, boolean caughtUp) {
        if (!due(now)) {
            return Optional.empty();
        }
        Pass current = pass.orElseGet(() -> begin(now, layout, horizon)).skipped();
        boolean reached = !current.position().isBefore(layout.readableEnd(current.began()));
        if (!current.position().isBefore(layout.readableEnd(now)) || reached && caughtUp) {
            pass = Optional.empty();
            passedAt = current.whole() ? Optional.of(current.began()) : passedAt;
            Duration pause = begun == 1 ? spread.part(cadence.sweep()) : cadence.sweep();
            next = later(current.began().plus(pause), now);
            return Optional.empty();
        }
        pass = Optional.of(current);
        return pass;
    }

    /**
     * Begins a pass. For buckets it is whole: a page or two hold the lookback. A log's lookback may be thousands of pages, so only
     * the first pass is whole; the n-th then covers what has come of age for good, and at the new end a stretch that is the longer the
     * more often 4 divides n: every event is read again at about the ages 1, 4, 16 … intervals.
     */
    private Pass begin(Instant now, Layout layout, Horizon horizon) {
        Instant from = layout.floor(later(horizon.watermark(), cadence.start()));
        long n = begun++;
        Duration reach = cadence.sweep().multipliedBy(2);
        for (long rest = n; n > 0 && rest % 4 == 0; rest /= 4) {
            reach = reach.multipliedBy(4);
        }
        boolean whole = !(layout instanceof Layout.Log) || n == 0 || reach.compareTo(cadence.lookback()) >= 0;
        Instant settled = layout.floor(now.minus(cadence.lookback()));
        return new Pass(now, from, settled, layout.floor(now.minus(reach)), whole);
    }

    /** The pass under way, once what lies before a time is read; none, if that is its end. */
    Optional<Pass> from(Instant to, Layout layout, Instant now) {
        return pass.map(p -> p.at(to).skipped())
                .filter(p -> p.position().isBefore(earlier(layout.readableEnd(p.began()), layout.readableEnd(now))));
    }

    /** Whether a pass goes on at a time. */
    boolean standsAt(Instant from) {
        return pass.filter(p -> p.skipped().position().equals(from)).isPresent();
    }

    /** What lies before that is read. */
    void finished(Instant to) {
        pass = pass.map(p -> p.at(later(p.position(), to)));
    }

    /** It is tried again then. */
    void failed(Instant again) {
        next = again;
    }

    /** The clock went back to a time, and what was due goes along. */
    void wentBack(Duration back, Instant now) {
        next = next.minus(back);
        if (back.compareTo(STEP) > 0) {
            // nobody knows when it began
            pass = Optional.empty();
            next = earlier(next, now);
        }
    }

    /** Before that there is nothing to do. */
    Instant wake() {
        return next;
    }
}
