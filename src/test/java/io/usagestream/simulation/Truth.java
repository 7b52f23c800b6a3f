package io.usagestream.simulation;

import io.usagestream.checkpoint.SplitCheckpoint;
import io.usagestream.stream.ByName;
import io.usagestream.stream.Event;
import io.usagestream.stream.Identity;
import io.usagestream.stream.Ids;
import io.usagestream.stream.Measure;
import io.usagestream.stream.Measures;
import io.usagestream.stream.Point;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Compares, at the end of a run, what a consumer holds with what upstream says. */
final class Truth {
    private Truth() {}

    static void check(SplitPlan plan, SplitFold fold, Instant now) {
        SplitCheckpoint last = fold.last()
                .orElseThrow(() -> new Violation(
                        "nothing was ever committed of " + plan.settings().split()));
        progress(plan, last, now);
        plan.buckets().ifPresent(truth -> points(plan, truth, fold, last, now));
        plan.log().ifPresent(truth -> events(truth, fold, last, now));
        fold.days.values().forEach(DayFold::check);
    }

    private static void progress(SplitPlan plan, SplitCheckpoint last, Instant now) {
        Duration unit = plan.buckets().map(t -> t.shape.grain().width()).orElse(Duration.ZERO);
        Duration poll = plan.settings().pollInterval().multipliedBy(3).plusMinutes(10);
        late(
                last,
                "frontier",
                last.frontier(),
                now.minus(unit).minus(plan.settings().safetyLag()).minus(poll));
        Instant settled = now.minus(plan.settings().lookback())
                .minus(plan.settings().sweepInterval().multipliedBy(3))
                .minus(poll)
                .minus(unit);
        late(last, "watermark", last.watermark(), settled);
    }

    private static void late(SplitCheckpoint last, String what, Instant is, Instant due) {
        if (is.isBefore(due) && due.isAfter(last.start())) {
            throw new Violation("no progress: the " + what + " of " + last.split() + " is " + is + ", due " + due);
        }
    }

    private static void points(SplitPlan plan, BucketTruth truth, SplitFold fold, SplitCheckpoint last, Instant now) {
        Duration width = truth.shape.grain().width();
        Map<String, KeyFold> held = new HashMap<>(fold.keys);
        held.values().removeIf(key -> key.retracted);
        Instant from = last.floor();
        for (Instant start = from; !start.plus(width).isAfter(last.frontier()); start = start.plus(width)) {
            for (RowStory row : truth.bucket(start.toEpochMilli())) {
                String id = Ids.point(
                        plan.settings().split(),
                        new Point(start, truth.shape.grain(), ByName.of(row.dimensions), Measures.empty()));
                Optional<KeyFold> key = Optional.ofNullable(held.remove(id));
                RowStory.Version version = row.at(now.toEpochMilli());
                compare(id, key, version);
            }
        }
        held.values().forEach(key -> {
            Instant start = Ids.parsePoint(key.id).start();
            if (!start.isBefore(from) && !start.plus(width).isAfter(last.frontier())) {
                throw new Violation("nobody said so: " + key.id);
            }
        });
    }

    private static void compare(String id, Optional<KeyFold> key, RowStory.Version version) {
        if (version instanceof RowStory.Version.Shown shown) {
            boolean zero = shown.measures().values().stream().allMatch(Measure::isZero);
            if (key.isEmpty() && !zero) {
                throw new Violation("missing: " + id + " " + shown);
            }
            if (key.isPresent() && !SplitFold.says(version, false, key.get().values)) {
                throw new Violation("different: " + id + " is " + shown + ", published " + key.get().values);
            }
        } else if (key.isPresent()) {
            throw new Violation("gone and still there: " + id);
        }
    }

    private static void events(LogTruth truth, SplitFold fold, SplitCheckpoint last, Instant now) {
        Map<String, List<BigDecimal>> real = new HashMap<>();
        Map<String, List<BigDecimal>> held = new HashMap<>();
        truth.at(now.toEpochMilli()).stream()
                .map(r -> r.at(now.toEpochMilli()))
                .filter(e -> !e.time().isBefore(last.floor()) && e.time().isBefore(last.frontier()))
                .forEach(e -> real.computeIfAbsent(Identity.text(e), i -> new ArrayList<>())
                        .add(e.cost().map(Measure::value).orElse(BigDecimal.ONE.negate())));
        fold.twins.forEach((identity, ids) -> ids.forEach(id -> {
            KeyFold key = Objects.requireNonNull(fold.keys.get(id));
            Instant time = Identity.parse(identity).time();
            if (!key.retracted && !time.isBefore(last.floor()) && time.isBefore(last.frontier())) {
                Measure cost = key.values.get(Event.COST);
                held.computeIfAbsent(identity, i -> new ArrayList<>())
                        .add(cost == null ? BigDecimal.ONE.negate() : cost.value());
            }
        }));
        real.values().forEach(costs -> costs.sort(BigDecimal::compareTo));
        held.values().forEach(costs -> costs.sort(BigDecimal::compareTo));
        if (!real.equals(held)) {
            real.forEach((identity, costs) -> {
                if (!costs.equals(held.get(identity))) {
                    throw new Violation(
                            "upstream shows " + identity + " " + costs + ", published " + held.get(identity));
                }
            });
            held.keySet().removeAll(real.keySet());
            throw new Violation("published and not there: " + held);
        }
    }
}
