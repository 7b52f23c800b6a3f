package io.usagestream.plan;

import static io.usagestream.plan.Horizon.earlier;
import static io.usagestream.plan.Horizon.later;

import io.usagestream.stream.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** When what lies below the watermark is read once more, and from where: once a day, and further back once a week, if configured. */
final class Rescans {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration WEEK = Duration.ofDays(7);

    private final Cadence cadence;
    private Instant nextDaily;
    private Instant nextWeekly;
    private Instant nextTry;
    private Optional<Rest> rest = Optional.empty();

    /** What of a re-scan is still to be read; nothing, once its position is its end. */
    private record Rest(Instant position, Instant end) {}

    Rescans(Cadence cadence, Instant now, Spread spread) {
        this.cadence = cadence;
        nextTry = now;
        nextDaily = cadence.daily().isZero()
                ? Instant.MAX
                : now.plus(Duration.ofHours(1)).plus(spread.offset());
        nextWeekly = cadence.weekly().isZero()
                ? Instant.MAX
                : now.plus(Duration.ofHours(6)).plus(spread.offset());
    }

    /**
     * What is to be read now.
     *
     * @param floor below it nothing is read
     */
    Optional<Window> next(Instant now, Layout layout, Instant floor, Instant watermark) {
        if (nextTry.isAfter(now)) {
            return Optional.empty();
        }
        if (rest.isEmpty() && !nextWeekly.isAfter(now)) {
            nextWeekly = now.plus(WEEK);
            nextDaily = cadence.daily().isZero() ? nextDaily : now.plus(DAY);
            rest = Optional.of(new Rest(from(now.minus(cadence.weekly()), layout, floor), layout.floor(watermark)));
        } else if (rest.isEmpty() && !nextDaily.isAfter(now)) {
            nextDaily = now.plus(DAY);
            rest = Optional.of(new Rest(from(now.minus(cadence.daily()), layout, floor), layout.floor(watermark)));
        }
        rest = rest.map(r -> r.position().isBefore(floor) ? new Rest(from(floor, layout, floor), r.end()) : r)
                .filter(r -> r.position().isBefore(r.end()));
        return rest.map(r -> new Window(r.position(), r.end()));
    }

    /** The first whole window at or after both the floor and a time. */
    private static Instant from(Instant time, Layout layout, Instant floor) {
        Instant aligned = layout.floor(later(time, floor));
        return aligned.isBefore(floor) ? layout.ceil(floor) : aligned;
    }

    /** Takes over what another had begun, and what is due when. */
    void carry(Rescans from) {
        nextDaily = from.nextDaily;
        nextWeekly = from.nextWeekly;
        rest = from.rest;
    }

    /** What lies before that is read. */
    void finished(Instant to) {
        rest = rest.map(r -> new Rest(to, r.end()));
    }

    /** It is tried again then. */
    void failed(Instant again) {
        nextTry = again;
    }

    /** The clock went back, and what was due goes along. */
    void wentBack(Duration back) {
        nextTry = nextTry.minus(back);
        nextDaily = nextDaily.equals(Instant.MAX) ? nextDaily : nextDaily.minus(back);
        nextWeekly = nextWeekly.equals(Instant.MAX) ? nextWeekly : nextWeekly.minus(back);
    }

    /** Before that there is nothing to do. */
    Instant wake() {
        Instant due = earlier(nextDaily, nextWeekly);
        return rest.isPresent() ? earlier(due, nextTry) : due;
    }
}
