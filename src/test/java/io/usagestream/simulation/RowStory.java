package io.usagestream.simulation;

import io.usagestream.stream.Measure;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/** All that upstream ever says of one row of one bucket: versions, each from a time on. */
final class RowStory {
    /** How the row looks for a while. */
    sealed interface Version {
        /** There is no such row. */
        record Absent() implements Version {}

        /** The row cannot be understood. */
        record Bad() implements Version {}

        /** The row, with its numbers. */
        record Shown(SortedMap<String, Measure> measures) implements Version {}
    }

    private static final Version ABSENT = new Version.Absent();

    final SortedMap<String, Optional<String>> dimensions;
    private final TreeMap<Long, Version> versions = new TreeMap<>();

    RowStory(SortedMap<String, Optional<String>> dimensions) {
        this.dimensions = dimensions;
    }

    void from(long time, Version version) {
        versions.put(time, version);
    }

    Version at(long time) {
        Map.Entry<Long, Version> entry = versions.floorEntry(time);
        return entry == null ? ABSENT : entry.getValue();
    }

    /** Whether at some time between the two (both included) the row looked like that. */
    boolean everBetween(long from, long to, Predicate<Version> like) {
        if (like.test(at(from))) {
            return true;
        }
        return from < to
                && versions.subMap(from, false, to, true).values().stream().anyMatch(like);
    }

    /** Writes a story: it grows while its bucket is open, and changes afterwards. */
    static RowStory write(
            SortedMap<String, Optional<String>> dimensions, long start, long end, BucketShape shape, Dice dice) {
        RowStory story = new RowStory(dimensions);
        if (shape.zeroFilled()) {
            story.from(start, new Version.Shown(numbers(BigDecimal.ZERO, "usd", false)));
        }
        if (dice.chance(0.15)) {
            return story;
        }
        long quietFrom = shape.quietFrom();
        List<Long> times = new ArrayList<>();
        boolean late = dice.chance(0.1);
        times.add(late ? end + dice.between(0, shape.lookback() / 2) : dice.between(start, end - 1));
        for (int n = dice.between(0, 2); n > 0; n--) {
            times.add(dice.between(start, end - 1));
        }
        if (dice.chance(shape.turmoil())) {
            times.add(end + dice.between(0, shape.lookback() * 9 / 10));
            FaultKind.RESTATED.occurred();
        }
        if (dice.chance(shape.turmoil() / 6)) {
            times.add(end + shape.lookback() + dice.between(0, shape.lookback()));
            FaultKind.RESTATED_LATE.occurred();
        }
        times.sort(Long::compare);
        BigDecimal value = BigDecimal.ZERO;
        String unit = "usd";
        for (int i = 0; i < times.size(); i++) {
            long at = Math.min(times.get(i), quietFrom);
            value = value.add(amount(shape, dice));
            boolean closed = at >= end && i > 0;
            if (closed && dice.chance(0.3)) {
                mishap(story, at, shape, dice, value, unit);
                continue;
            }
            if (closed && dice.chance(0.15)) {
                unit = "eur";
                FaultKind.UNIT_CHANGED.occurred();
            }
            boolean lapse = closed && dice.chance(0.2);
            if (lapse) {
                FaultKind.MEASURE_ABSENT.occurred();
            }
            if (closed && dice.chance(0.1)) {
                value = BigDecimal.ZERO;
            }
            story.from(at, new Version.Shown(numbers(value, unit, lapse)));
        }
        return story;
    }

    private static void mishap(RowStory story, long at, BucketShape shape, Dice dice, BigDecimal value, String unit) {
        Version before = story.at(at);
        if (dice.chance(0.4)) {
            story.from(at, new Version.Bad());
            FaultKind.QUARANTINED.occurred();
            story.from(
                    Math.min(shape.quietFrom() + 1, at + dice.between(1, shape.lookback())),
                    new Version.Shown(numbers(value, unit, false)));
            return;
        }
        story.from(at, ABSENT);
        FaultKind.VANISHED.occurred();
        if (before instanceof Version.Shown && dice.chance(0.5)) {
            story.from(Math.min(shape.quietFrom() + 1, at + dice.between(1, shape.lookback())), before);
            FaultKind.RETURNED.occurred();
        }
    }

    private static BigDecimal amount(BucketShape shape, Dice dice) {
        return shape.fine()
                ? BigDecimal.valueOf(dice.between(1, 1_000_000_000_000L), dice.chance(0.2) ? 24 : 11)
                : BigDecimal.valueOf(dice.between(1, 5000));
    }

    private static SortedMap<String, Measure> numbers(BigDecimal value, String unit, boolean lapsed) {
        SortedMap<String, Measure> measures = new TreeMap<>();
        if (!lapsed) {
            measures.put("amount", Measure.of(value, unit));
        }
        measures.put("requests", Measure.of(value.signum() == 0 ? 0 : 1 + value.intValue() % 7, "requests"));
        return measures;
    }
}
