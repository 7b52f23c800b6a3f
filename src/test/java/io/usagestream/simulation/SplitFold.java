package io.usagestream.simulation;

import io.usagestream.checkpoint.SplitCheckpoint;
import io.usagestream.stream.Event;
import io.usagestream.stream.Finality;
import io.usagestream.stream.Identity;
import io.usagestream.stream.Measure;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Publication.EventRevision;
import io.usagestream.stream.Publication.Period;
import io.usagestream.stream.Publication.PointRevision;
import io.usagestream.stream.Window;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a consumer holds of one split, checked against the truth as it comes. */
final class SplitFold {
    /** How wrong a clock may be without being noticed, and a little. */
    static final Duration SLACK = Duration.ofMinutes(6);

    final Coverage coverage = new Coverage();
    final Map<String, KeyFold> keys = new HashMap<>();
    final Map<LocalDate, DayFold> days = new HashMap<>();
    /** Ids of an identity's events. */
    final Map<String, Set<String>> twins = new HashMap<>();

    private final SplitPlan plan;
    private @Nullable LocalDate nextDay;
    private @Nullable SplitCheckpoint last;

    SplitFold(SplitPlan plan) {
        this.plan = plan;
    }

    Optional<SplitCheckpoint> last() {
        return Optional.ofNullable(last);
    }

    /** Takes what one transaction says of the split. */
    void committed(List<Publication> publications, SplitCheckpoint checkpoint, long now) {
        Set<LocalDate> closed = new HashSet<>();
        days.forEach((day, fold) -> {
            if (fold.period != null) {
                closed.add(day);
            }
        });
        Set<LocalDate> touched = new HashSet<>();
        for (int i = 0; i < publications.size(); i++) {
            Publication publication = publications.get(i);
            if (publication instanceof PointRevision point) {
                boolean bridge = i + 1 < publications.size()
                        && publications.get(i + 1) instanceof PointRevision next
                        && next.id().equals(point.id());
                point(point, bridge, closed, now);
                touched.add(Window.dayOf(point.start()));
            } else if (publication instanceof EventRevision event) {
                event(event, now);
                touched.add(Window.dayOf(event.event().time()));
            } else if (publication instanceof Period period) {
                period(period, checkpoint);
            }
        }
        touched.forEach(day -> day(day).check());
        horizon(checkpoint, now);
        last = checkpoint;
    }

    private void point(PointRevision point, boolean bridge, Set<LocalDate> closed, long now) {
        LocalDate date = Window.dayOf(point.start());
        KeyFold key = keys.computeIfAbsent(point.id(), id -> new KeyFold(id, date));
        SortedMap<String, Measure> values = point.measures();
        DayFold day = day(date);
        day.remove(key);
        key.take(point.revision(), point.retracted(), values, List.of(values, point.retracted()));
        key.add(point.changes());
        day.add(key);
        if (point.restated() != closed.contains(date)) {
            throw new Violation(point.id() + " is " + (point.restated() ? "" : "not ") + "restated, the day was "
                    + (closed.contains(date) ? "" : "not ") + "closed");
        }
        if (point.retracted() && values.values().stream().anyMatch(m -> !m.isZero())) {
            throw new Violation("a retraction with values: " + point);
        }
        Instant end = point.start().plus(point.grain().width());
        if (point.finality() == Finality.FINAL && !settled(point.start(), end)) {
            throw new Violation(point.id() + " is FINAL and was last read before its end and the lookback");
        }
        if (!bridge) {
            plan.buckets().ifPresent(truth -> shown(truth, point, values, now));
        }
    }

    /** Whether upstream was asked for a stretch at or after its end + lookback. */
    private boolean settled(Instant start, Instant end) {
        long late = end.plus(plan.settings().lookback()).minus(SLACK).toEpochMilli();
        return coverage.servedAtOrAfter(start.toEpochMilli(), late);
    }

    /** What is published must have been true at some time since the read that showed it began. */
    private static void shown(BucketTruth truth, PointRevision point, SortedMap<String, Measure> values, long now) {
        RowStory story = truth.row(point.start(), point.dimensions())
                .orElseThrow(() -> new Violation("upstream never had a row " + point.id()));
        long since = point.observedAt().minus(SLACK).toEpochMilli();
        if (since > now) {
            throw new Violation(point.id() + " was observed in the future, at " + point.observedAt());
        }
        if (!story.everBetween(since, now, version -> says(version, point.retracted(), values))) {
            throw new Violation("upstream did not say so since " + point.observedAt() + ": " + point);
        }
    }

    static boolean says(RowStory.Version version, boolean retracted, SortedMap<String, Measure> values) {
        if (!(version instanceof RowStory.Version.Shown shown)) {
            return retracted && version instanceof RowStory.Version.Absent;
        }
        return !retracted
                && values.entrySet().containsAll(shown.measures().entrySet())
                && values.entrySet().stream()
                        .allMatch(e -> shown.measures().containsKey(e.getKey())
                                || e.getValue().isZero());
    }

    private void event(EventRevision revision, long now) {
        Event event = revision.event();
        String identity = Identity.text(event);
        LocalDate date = Window.dayOf(event.time());
        KeyFold key = keys.computeIfAbsent(revision.id(), id -> new KeyFold(id, date));
        twins.computeIfAbsent(identity, i -> new HashSet<>()).add(revision.id());
        SortedMap<String, Measure> values = new TreeMap<>();
        event.cost().ifPresent(cost -> values.put(Event.COST, cost));
        DayFold day = day(date);
        day.remove(key);
        key.take(revision.revision(), revision.retracted(), values, List.of(values, revision.retracted()));
        day.add(key);
        plan.log().ifPresent(truth -> {
            long since = revision.observedAt().minus(SLACK).toEpochMilli();
            long live = twins.get(identity).stream()
                    .filter(id -> !Objects.requireNonNull(keys.get(id)).retracted)
                    .count();
            long real = truth.events.stream()
                    .filter(r -> r.event().time().equals(event.time()) && sameIdentity(r, identity))
                    .filter(r -> r.shownFrom() <= now)
                    .count();
            if (live > real) {
                throw new Violation(live + " live records of " + real + " real events: " + identity);
            }
            if (since > now) {
                throw new Violation(revision.id() + " was observed in the future");
            }
            boolean said = revision.retracted()
                    || truth.events.stream()
                            .filter(r -> r.event().time().equals(event.time()) && sameIdentity(r, identity))
                            .anyMatch(r -> r.shownFrom() <= now
                                    && r.goneFrom() > since
                                    && (r.costAt(Math.max(since, r.shownFrom())).equals(event.cost())
                                            || r.costAt(now).equals(event.cost())));
            if (!said) {
                throw new Violation("upstream did not say so since " + revision.observedAt() + ": " + revision);
            }
        });
    }

    static boolean sameIdentity(LogTruth.Real real, String identity) {
        return Identity.text(real.event()).equals(identity);
    }

    private void period(Period period, SplitCheckpoint checkpoint) {
        LocalDate start = Window.dayOf(checkpoint.start());
        DayFold day = day(period.day());
        if (day.period == null && !period.day().isBefore(start)) {
            LocalDate expected = nextDay == null ? start : nextDay;
            if (!period.day().equals(expected)) {
                throw new Violation("the period of " + period.day() + " came where " + expected + " was due");
            }
            nextDay = expected.plusDays(1);
        }
        day.close(period);
    }

    private void horizon(SplitCheckpoint now, long at) {
        SplitCheckpoint before = last;
        if (before != null) {
            never(before.frontier(), now.frontier(), "frontier");
            never(before.watermark(), now.watermark(), "watermark");
            never(before.floor(), now.floor(), "floor");
        }
        if (now.frontier().minus(SLACK).toEpochMilli() > at) {
            throw new Violation("the frontier of " + now.split() + " is in the future: " + now.frontier());
        }
        LocalDate start = Window.dayOf(now.start());
        LocalDate due = nextDay == null ? start : nextDay;
        if (plan.hasPeriods() && !now.closedUntil().equals(due)) {
            throw new Violation("closed until " + now.closedUntil() + ", the next period is " + due);
        }
        Instant from = before == null ? now.start() : before.watermark();
        plan.probes(from, now.watermark()).forEach(probe -> {
            if (!settled(probe.from(), probe.to())) {
                throw new Violation("the watermark of " + now.split() + " passed " + probe
                        + ", not read since its end and the lookback");
            }
        });
    }

    private static void never(Instant before, Instant now, String what) {
        if (now.isBefore(before)) {
            throw new Violation("the " + what + " went back from " + before + " to " + now);
        }
    }

    DayFold day(LocalDate day) {
        return days.computeIfAbsent(day, d -> new DayFold());
    }
}
