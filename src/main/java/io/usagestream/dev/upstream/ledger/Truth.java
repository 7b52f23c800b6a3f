package io.usagestream.dev.upstream.ledger;

import io.usagestream.stream.Grain;
import io.usagestream.stream.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What upstream shows, in the neutral form in which it is compared with what was published: computed from the ledger, past every
 * encoding and every request. Rows of zeros are left out. A frozen ledger gives a fixed point.
 */
public final class Truth {
    private static final String CU = "cu";
    private static final Duration SMALLEST = Duration.ofMillis(1);

    private final Ledger ledger;

    public Truth(Ledger ledger) {
        this.ledger = ledger;
    }

    /** The rows of one of OpenAI's meters; the window is aligned to the grain. */
    public List<TrueRow> usage(int account, Meter meter, Grain grain, List<String> groupBy, Window window) {
        var query = new UsageQuery(account, meter, grain, groupBy, Map.of(), window.from(), window.to());
        List<TrueRow> rows = new ArrayList<>();
        for (UsageBucket bucket : ledger.usage(query)) {
            for (UsageBucket.Row row : bucket.rows()) {
                SortedMap<String, Quantity> measures = new TreeMap<>();
                for (int i = 0; i < meter.measures().size(); i++) {
                    if (!meter.nullMeasure(i)) {
                        String name = meter.measures().get(i);
                        measures.put(name, Quantity.of(row.measure(i), Meter.unit(name)));
                    }
                }
                add(rows, new TrueRow(bucket.start(), grain, dimensions(groupBy, row.dimensions()), measures));
            }
        }
        return rows;
    }

    /** The rows of OpenAI's costs; the window is one of whole days. */
    public List<TrueRow> costs(int account, List<String> groupBy, Window window) {
        List<TrueRow> rows = new ArrayList<>();
        for (CostBucket bucket : ledger.costs(new CostQuery(account, groupBy, Map.of(), window.from(), window.to()))) {
            for (CostBucket.Row row : bucket.rows()) {
                SortedMap<String, Optional<String>> dimensions = dimensions(groupBy, row.dimensions());
                dimensions.put("currency", Optional.of(CostQuery.CURRENCY));
                SortedMap<String, Quantity> measures = new TreeMap<>();
                measures.put("amount", new Quantity(row.amount(), CostQuery.CURRENCY));
                row.quantity()
                        .ifPresent(quantity -> measures.put(
                                "quantity", new Quantity(quantity, row.unit().orElse("unknown"))));
                add(rows, new TrueRow(bucket.start(), Grain.DAY, dimensions, measures));
            }
        }
        return rows;
    }

    /**
     * The rows of one of Scenario's series: {@code usages}, {@code model-usages}, {@code asset-usages}, {@code nsfw-usages} at the
     * grain of their points; {@code consumption} at the grain that is as long as its requests' windows.
     *
     * @param projectIds empty: all
     * @param window aligned to the grain
     */
    public List<TrueRow> series(int account, String stream, Grain grain, Set<String> projectIds, Window window) {
        if (stream.equals("consumption")) {
            return consumption(account, grain, projectIds, window);
        }
        StudioSeries series = StudioSeries.of(ledger, query(account, projectIds, window), grain);
        return switch (stream) {
            case "usages" -> rows(series, "usage_name", series.usages(), Truth::usage);
            case "model-usages" -> rows(series, "model_id", series.models(), Truth::model);
            case "asset-usages" -> rows(series, "kind", series.assets(), Truth::counts);
            case "nsfw-usages" -> rows(series, "label", series.nsfw(), Truth::counts);
            default -> throw new IllegalArgumentException("no such series: " + stream);
        };
    }

    /** The events of a half-open window, oldest first. */
    public List<StudioEvent> events(int account, Set<String> projectIds, Window window) {
        return ledger.events(query(account, projectIds, window));
    }

    private List<TrueRow> consumption(int account, Grain grain, Set<String> projectIds, Window window) {
        List<TrueRow> rows = new ArrayList<>();
        for (Window interval : Intervals.of(grain, window.from(), window.to())) {
            StudioSeries series = StudioSeries.of(ledger, query(account, projectIds, interval), grain);
            series.consumption().forEach((user, cell) -> {
                SortedMap<String, Quantity> measures = new TreeMap<>();
                measures.put("value", new Quantity(cell.cost(), CU));
                measures.put("discount", new Quantity(cell.discount(), CU));
                measures.put("total", new Quantity(cell.cost().add(cell.discount()), CU));
                add(rows, new TrueRow(interval.from(), grain, dimension("user_id", user), measures));
            });
        }
        return rows;
    }

    private interface Measures {
        SortedMap<String, Quantity> of(StudioCell cell);
    }

    private static List<TrueRow> rows(
            StudioSeries series, String dimension, Map<String, List<StudioCell>> cells, Measures measures) {
        List<TrueRow> rows = new ArrayList<>();
        cells.forEach((name, points) -> {
            for (int i = 0; i < points.size(); i++) {
                Instant start = series.times().get(i);
                add(rows, new TrueRow(start, series.grain(), dimension(dimension, name), measures.of(points.get(i))));
            }
        });
        return rows;
    }

    private static SortedMap<String, Quantity> usage(StudioCell cell) {
        SortedMap<String, Quantity> measures = costs(cell);
        measures.put("value", new Quantity(cell.value(), "usage"));
        measures.put("api_key", new Quantity(cell.valueByKey(), "usage"));
        return measures;
    }

    private static SortedMap<String, Quantity> model(StudioCell cell) {
        SortedMap<String, Quantity> measures = costs(cell);
        measures.put("jobs", Quantity.of(cell.count(), "jobs"));
        return measures;
    }

    private static SortedMap<String, Quantity> counts(StudioCell cell) {
        SortedMap<String, Quantity> measures = new TreeMap<>();
        measures.put("count", Quantity.of(cell.count(), "assets"));
        measures.put("count_api_key", Quantity.of(cell.countByKey(), "assets"));
        return measures;
    }

    private static SortedMap<String, Quantity> costs(StudioCell cell) {
        SortedMap<String, Quantity> measures = new TreeMap<>();
        measures.put("cost", new Quantity(cell.cost(), CU));
        measures.put("discount", new Quantity(cell.discount(), CU));
        measures.put("api_key_cost", new Quantity(cell.costByKey(), CU));
        measures.put("api_key_discount", new Quantity(cell.discountByKey(), CU));
        return measures;
    }

    private static void add(List<TrueRow> rows, TrueRow row) {
        if (!row.measures().values().stream().allMatch(Quantity::isZero)) {
            rows.add(row);
        }
    }

    private static StudioQuery query(int account, Set<String> projectIds, Window window) {
        return new StudioQuery(
                account, window.from(), window.to().minus(SMALLEST), projectIds, Set.of(), Optional.empty());
    }

    private static SortedMap<String, Optional<String>> dimension(String name, String value) {
        SortedMap<String, Optional<String>> dimensions = new TreeMap<>();
        dimensions.put(name, Optional.of(value));
        return dimensions;
    }

    private static SortedMap<String, Optional<String>> dimensions(List<String> names, List<Optional<String>> values) {
        SortedMap<String, Optional<String>> dimensions = new TreeMap<>();
        for (int i = 0; i < names.size(); i++) {
            dimensions.put(names.get(i), values.get(i));
        }
        return dimensions;
    }
}
