package io.usagestream.simulation;

import io.usagestream.stream.Event;
import io.usagestream.stream.Measure;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Everything that upstream ever shows of an activity log. */
final class LogTruth {
    /**
     * One real event.
     *
     * @param shownFrom when it appears in the list
     * @param goneFrom when it vanishes; never: {@code Long.MAX_VALUE}
     * @param badUntil until when it cannot be understood
     * @param changesAt when its cost becomes the last one
     */
    record Real(
            Event event,
            long order,
            long shownFrom,
            long goneFrom,
            long badUntil,
            Optional<Measure> firstCost,
            long changesAt,
            Optional<Measure> lastCost) {
        boolean shownAt(long time) {
            return shownFrom <= time && time < goneFrom;
        }

        Optional<Measure> costAt(long time) {
            return time < changesAt ? firstCost : lastCost;
        }

        Event at(long time) {
            Event e = event;
            return new Event(
                    e.action(),
                    e.time(),
                    e.projectId(),
                    e.userId(),
                    e.assetId(),
                    e.collectionId(),
                    e.jobId(),
                    e.modelId(),
                    e.isApiKey(),
                    e.byokProvider(),
                    costAt(time));
        }
    }

    final List<Real> events = new ArrayList<>();

    /** What a log is like. */
    record Shape(long from, long to, int events, long safetyLag, long lookback, double turmoil, long quietFrom) {}

    LogTruth(Shape shape, Dice dice) {
        while (events.size() < shape.events()) {
            boolean burst = dice.chance(0.03);
            long time = dice.between(shape.from(), shape.to()) / 1000 * 1000;
            for (int n = burst ? dice.between(2, 30) : 1; n > 0; n--) {
                long fraction = dice.chance(0.2) ? dice.between(0, 999) : 0;
                add(event(dice, burst ? time + dice.between(0L, 1L) * 1000 : time + fraction), shape, dice);
            }
        }
        if (dice.chance(shape.turmoil())) {
            purge(shape, dice);
        }
        events.sort(Comparator.comparing((Real r) -> r.event().time()).thenComparing(Real::order));
    }

    private void add(Event event, Shape shape, Dice dice) {
        write(event, shape, dice);
        while (dice.chance(0.12)) {
            FaultKind.TWIN.occurred();
            write(event, shape, dice);
        }
    }

    /** Many neighbours vanish at once: a list that is being read by offset may end before the next offset. */
    private void purge(Shape shape, Dice dice) {
        long at = dice.between(shape.from(), shape.quietFrom());
        long to = at - dice.between(0, shape.lookback() / 2);
        long from = to - dice.between(0, shape.lookback());
        events.replaceAll(r -> {
            long time = r.event().time().toEpochMilli();
            if (time < from || time >= to || r.shownFrom() >= at || r.goneFrom() < at) {
                return r;
            }
            FaultKind.EVENT_GONE.occurred();
            return new Real(
                    r.event(), r.order(), r.shownFrom(), at, r.badUntil(), r.firstCost(), r.changesAt(), r.lastCost());
        });
    }

    private void write(Event event, Shape shape, Dice dice) {
        long time = event.time().toEpochMilli();
        long shown = time + dice.between(0, shape.safetyLag() * 9 / 10);
        if (dice.chance(shape.turmoil() / 3)) {
            shown = time + dice.between(shape.safetyLag(), shape.lookback() * 9 / 10);
            FaultKind.EVENT_LATE.occurred();
        } else if (dice.chance(shape.turmoil() / 30)) {
            shown = time + shape.lookback() + dice.between(0, shape.lookback());
            FaultKind.EVENT_VERY_LATE.occurred();
        }
        shown = Math.min(shown, Math.max(time, shape.quietFrom()));
        long gone = Long.MAX_VALUE;
        if (dice.chance(shape.turmoil() / 6)) {
            gone = time + dice.between(0, shape.lookback());
            FaultKind.EVENT_GONE.occurred();
            gone = gone > shape.quietFrom() ? Long.MAX_VALUE : gone;
        }
        long badUntil = dice.chance(shape.turmoil() / 30)
                ? Math.min(shape.quietFrom(), shown + dice.between(0, shape.lookback()))
                : 0;
        if (badUntil > 0) {
            FaultKind.QUARANTINED.occurred();
        }
        Optional<Measure> cost = dice.chance(0.2) ? Optional.empty() : Optional.of(cost(dice));
        boolean filledIn = dice.chance(shape.turmoil() / 2);
        long changesAt =
                Math.min(shown + dice.between(0, shape.lookback() * 9 / 10), Math.max(shown, shape.quietFrom()));
        if (filledIn) {
            FaultKind.COST_FILLED_IN.occurred();
        }
        events.add(new Real(
                event,
                dice.bits(),
                shown,
                gone,
                badUntil,
                cost,
                filledIn ? changesAt : Long.MAX_VALUE,
                Optional.of(cost(dice))));
    }

    private static Measure cost(Dice dice) {
        return Measure.of(java.math.BigDecimal.valueOf(dice.between(1, 4), 1), Event.COST_UNIT);
    }

    private static Event event(Dice dice, long time) {
        return new Event(
                dice.one(List.of("asset", "train", "refund")),
                Instant.ofEpochMilli(time),
                "p1",
                "u" + dice.between(1, 2),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                dice.chance(0.5) ? Optional.of("m") : Optional.empty(),
                Optional.of(false),
                Optional.empty(),
                Optional.empty());
    }

    /** Events that the list shows at a time, in the order of their times. */
    List<Real> at(long time) {
        return events.stream().filter(e -> e.shownAt(time)).toList();
    }
}
