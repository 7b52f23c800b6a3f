package io.usagestream.ops.board;

import io.usagestream.stream.Publication.Change;
import io.usagestream.stream.Publication.PointRevision;
import io.usagestream.stream.Window;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Usage by UTC day and by model, added up from the deltas of points: whoever adds every delta of a row has its last value.
 *
 * <p>Bounded: so many days, and so many names a chart and day; what comes above is added to {@link #OTHER}.
 */
final class UsageByDay {
    static final int DAYS = 14;

    /** Names that a day keeps of one yardstick. */
    static final int NAMES = 200;

    /** Names that are shown; the rest are one. */
    static final int SHOWN = 7;

    /** Everything that has no place of its own. A name that upstream uses too: it is a key of its own kind, see {@link Name}. */
    static final Name OTHER = new Name(Optional.empty(), true);

    /** What a chart tells apart; without a text either "other" or "none". */
    record Name(Optional<String> text, boolean other) {}

    /** A chart: a yardstick in one unit. */
    private record Chart(Yardstick yardstick, String unit) {}

    /** Values by day for one name. */
    record Series(Name name, List<BigDecimal> values) {}

    /** One chart: the days, and a series a name, the greatest first, "other" last. */
    record Shown(String id, String title, String unit, String dimension, List<LocalDate> days, List<Series> series) {}

    private final Map<Chart, TreeMap<LocalDate, Map<Name, BigDecimal>>> charts = new HashMap<>();

    /** The UTC day that it is, and the days of which points count. */
    private Window today = Window.of(LocalDate.EPOCH);

    private Window kept = today;

    void add(PointRevision point, Instant now) {
        if (!today.contains(now)) {
            LocalDate date = Window.dayOf(now);
            today = Window.of(date);
            kept = new Window(Window.startOf(date.minusDays(DAYS - 1L)), Window.startOf(date.plusDays(2)));
        }
        if (!kept.contains(point.start())) {
            return; // nearly all of a history that is caught up with
        }
        LocalDate day = Window.dayOf(point.start());
        SortedMap<String, Change> changes = point.changes();
        for (Yardstick yardstick : Yardstick.ALL) {
            for (Map.Entry<String, Change> measure : changes.entrySet()) {
                Change change = measure.getValue();
                boolean counts = yardstick.counts(point.split().stream(), measure.getKey())
                        && point.dimensions().containsKey(yardstick.dimension())
                        && change.delta().signum() != 0;
                if (counts) {
                    String unit = yardstick.money() ? change.now().unit() : yardstick.unit();
                    add(new Chart(yardstick, unit), day, name(point, yardstick), change.delta());
                }
            }
        }
    }

    private static Name name(PointRevision point, Yardstick yardstick) {
        Optional<String> text = point.dimensions().getOrDefault(yardstick.dimension(), Optional.empty());
        return new Name(text, false);
    }

    private void add(Chart chart, LocalDate day, Name name, BigDecimal delta) {
        TreeMap<LocalDate, Map<Name, BigDecimal>> days = charts.computeIfAbsent(chart, c -> new TreeMap<>());
        Map<Name, BigDecimal> names = days.computeIfAbsent(day, d -> new HashMap<>());
        // a name that went to "other" once stays there for the day, else its later deltas would make a series without
        // its beginning
        boolean placed = names.containsKey(name) || names.size() < NAMES;
        names.merge(placed ? name : OTHER, delta, BigDecimal::add);
        days.headMap(day.minusDays(DAYS)).clear();
    }

    List<Shown> shown(Instant now) {
        LocalDate today = Window.dayOf(now);
        List<LocalDate> days =
                today.minusDays(DAYS - 1L).datesUntil(today.plusDays(1)).toList();
        return charts.entrySet().stream()
                .sorted(Comparator.comparing((Map.Entry<Chart, ?> e) ->
                                Yardstick.ALL.indexOf(e.getKey().yardstick()))
                        .thenComparing(e -> ((Chart) e.getKey()).unit()))
                .map(e -> shown(e.getKey(), e.getValue(), days))
                .toList();
    }

    private static Shown shown(Chart chart, TreeMap<LocalDate, Map<Name, BigDecimal>> values, List<LocalDate> days) {
        Map<Name, BigDecimal> totals = new HashMap<>();
        days.forEach(day -> values.getOrDefault(day, Map.of())
                .forEach((name, value) -> totals.merge(name, value.abs(), BigDecimal::add)));
        List<Name> ranked = totals.entrySet().stream()
                .filter(e -> !e.getKey().other())
                .sorted(Map.Entry.<Name, BigDecimal>comparingByValue()
                        .reversed()
                        .thenComparing(e -> e.getKey().text().orElse("")))
                .map(Map.Entry::getKey)
                .toList();
        List<Name> own = ranked.size() <= SHOWN + 1 ? ranked : ranked.subList(0, SHOWN);
        List<Series> series = new ArrayList<>();
        own.forEach(name -> series.add(new Series(
                name, days.stream().map(day -> value(values, day, name)).toList())));
        if (own.size() < totals.size()) {
            List<BigDecimal> rest = days.stream()
                    .map(day -> values.getOrDefault(day, Map.of()).entrySet().stream()
                            .filter(e -> !own.contains(e.getKey()))
                            .map(Map.Entry::getValue)
                            .reduce(BigDecimal.ZERO, BigDecimal::add))
                    .toList();
            series.add(new Series(OTHER, rest));
        }
        String id = chart.yardstick().id() + "-" + chart.unit();
        return new Shown(
                id, chart.yardstick().title(), chart.unit(), chart.yardstick().dimension(), days, series);
    }

    private static BigDecimal value(TreeMap<LocalDate, Map<Name, BigDecimal>> values, LocalDate day, Name name) {
        return values.getOrDefault(day, Map.of()).getOrDefault(name, BigDecimal.ZERO);
    }
}
