package io.usagestream.dev.audit;

import io.usagestream.dev.upstream.ledger.CostBucket;
import io.usagestream.dev.upstream.ledger.CostQuery;
import io.usagestream.dev.upstream.ledger.Ledger;
import io.usagestream.dev.upstream.ledger.Meter;
import io.usagestream.dev.upstream.ledger.StudioCell;
import io.usagestream.dev.upstream.ledger.StudioEvent;
import io.usagestream.dev.upstream.ledger.StudioQuery;
import io.usagestream.dev.upstream.ledger.StudioSeries;
import io.usagestream.dev.upstream.ledger.UsageBucket;
import io.usagestream.dev.upstream.ledger.UsageQuery;
import io.usagestream.source.StreamSettings;
import io.usagestream.stream.Event;
import io.usagestream.stream.Grain;
import io.usagestream.stream.Identity;
import io.usagestream.stream.Ids;
import io.usagestream.stream.Measure;
import io.usagestream.stream.Point;
import io.usagestream.stream.Split;
import io.usagestream.stream.Window;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** What the ledger says that Kafka must hold of a split, by the id of each record; straight from the ledger, past HTTP and decoders. */
final class LedgerTruth {
    private final Ledger ledger;
    private final int account;

    LedgerTruth(Ledger ledger, int account) {
        this.ledger = ledger;
        this.account = account;
    }

    /** The rows of a split that begin in the window. Events are numbered by identity and cost: see {@link #eventKey}. */
    Map<String, Row> rows(StreamSettings settings, Window window) {
        Map<String, Row> rows = new TreeMap<>();
        switch (settings.type().shape()) {
            case BUCKETS -> {
                if (settings.type().name().equals("costs")) {
                    costs(settings, window, rows);
                } else {
                    usage(settings, window, rows);
                }
            }
            case SERIES -> series(settings, window, rows);
            case LOG -> events(window, rows);
            case ENTITIES -> {}
        }
        rows.values().removeIf(row -> row.isZero() && !row.measures().isEmpty());
        return rows;
    }

    private void usage(StreamSettings settings, Window window, Map<String, Row> rows) {
        Meter meter = Meter.of(settings.type().name()).orElseThrow();
        UsageQuery query = new UsageQuery(
                account, meter, settings.width(), settings.groupBy(), Map.of(), window.from(), window.to());
        for (UsageBucket bucket : ledger.usage(query)) {
            for (UsageBucket.Row row : bucket.rows()) {
                SortedMap<String, Measure> measures = new TreeMap<>();
                for (int i = 0; i < meter.measures().size(); i++) {
                    if (!meter.nullMeasure(i)) {
                        String name = meter.measures().get(i);
                        measures.put(name, Measure.of(row.measure(i), Meter.unit(name)));
                    }
                }
                Instant start = settings.width().floor(bucket.start());
                put(
                        rows,
                        settings.split(),
                        start,
                        settings.width(),
                        dimensions(settings.groupBy(), row.dimensions()),
                        measures);
            }
        }
    }

    private void costs(StreamSettings settings, Window window, Map<String, Row> rows) {
        CostQuery query = new CostQuery(account, settings.groupBy(), Map.of(), window.from(), window.to());
        for (CostBucket bucket : ledger.costs(query)) {
            for (CostBucket.Row row : bucket.rows()) {
                SortedMap<String, Optional<String>> dimensions = dimensions(settings.groupBy(), row.dimensions());
                dimensions.put("currency", Optional.of(CostQuery.CURRENCY));
                SortedMap<String, Measure> measures = new TreeMap<>();
                measures.put("amount", Measure.of(row.amount(), CostQuery.CURRENCY));
                row.quantity()
                        .ifPresent(quantity -> measures.put(
                                "quantity", Measure.of(quantity, row.unit().orElse("unknown"))));
                Instant start = Grain.DAY.floor(bucket.start());
                put(rows, settings.split(), start, Grain.DAY, dimensions, measures);
            }
        }
    }

    private void series(StreamSettings settings, Window window, Map<String, Row> rows) {
        Grain length = Grain.of(settings.window()).orElseThrow();
        Grain grain = length == Grain.DAY ? Grain.HOUR : Grain.DAY;
        for (Instant from = length.floor(window.from()); from.isBefore(window.to()); from = from.plus(length.width())) {
            Instant end = from.plus(length.width());
            StudioQuery query = StudioQuery.of(account, from, end.minusMillis(1));
            StudioSeries series = StudioSeries.of(ledger, query, grain);
            Instant start = from;
            switch (settings.type().name()) {
                case "usages" ->
                    cells(series, series.usages(), "usage_name", settings.split(), rows, (cell, m) -> {
                        m.put("value", Measure.of(cell.value(), "usage"));
                        m.put("api_key", Measure.of(cell.valueByKey(), "usage"));
                        costs(cell, m);
                    });
                case "model-usages" ->
                    cells(series, series.models(), "model_id", settings.split(), rows, (cell, m) -> {
                        costs(cell, m);
                        m.put("jobs", Measure.of(cell.count(), "jobs"));
                    });
                case "asset-usages" ->
                    cells(series, series.assets(), "kind", settings.split(), rows, LedgerTruth::counts);
                case "nsfw-usages" ->
                    cells(series, series.nsfw(), "label", settings.split(), rows, LedgerTruth::counts);
                case "consumption" ->
                    series.consumption().forEach((user, cell) -> {
                        SortedMap<String, Measure> measures = new TreeMap<>();
                        measures.put("value", Measure.of(cell.cost(), "cu"));
                        measures.put("discount", Measure.of(cell.discount(), "cu"));
                        measures.put("total", Measure.of(cell.cost().add(cell.discount()), "cu"));
                        put(
                                rows,
                                settings.split(),
                                start,
                                length,
                                dimensions(List.of("user_id"), List.of(Optional.of(user))),
                                measures);
                    });
                default ->
                    throw new IllegalArgumentException(
                            "no such series: " + settings.type().name());
            }
        }
    }

    private static void cells(
            StudioSeries series,
            Map<String, List<StudioCell>> section,
            String dimension,
            Split split,
            Map<String, Row> rows,
            BiConsumer<StudioCell, SortedMap<String, Measure>> numbers) {
        section.forEach((name, cells) -> {
            for (int i = 0; i < cells.size(); i++) {
                SortedMap<String, Measure> measures = new TreeMap<>();
                numbers.accept(cells.get(i), measures);
                var dimensions = dimensions(List.of(dimension), List.of(Optional.of(name)));
                put(rows, split, series.times().get(i), series.grain(), dimensions, measures);
            }
        });
    }

    private static void costs(StudioCell cell, SortedMap<String, Measure> measures) {
        measures.put("cost", Measure.of(cell.cost(), "cu"));
        measures.put("discount", Measure.of(cell.discount(), "cu"));
        measures.put("api_key_cost", Measure.of(cell.costByKey(), "cu"));
        measures.put("api_key_discount", Measure.of(cell.discountByKey(), "cu"));
    }

    private static void counts(StudioCell cell, SortedMap<String, Measure> measures) {
        measures.put("count", Measure.of(cell.count(), "assets"));
        measures.put("count_api_key", Measure.of(cell.countByKey(), "assets"));
    }

    private void events(Window window, Map<String, Row> rows) {
        StudioQuery query = StudioQuery.of(account, window.from(), window.to().minusMillis(1));
        Map<String, Integer> twins = new TreeMap<>();
        for (StudioEvent shown : ledger.events(query)) {
            Optional<Measure> cost = shown.cost().map(c -> Measure.of(c, Event.COST_UNIT));
            Event event = new Event(
                    shown.action(),
                    shown.time(),
                    shown.projectId(),
                    shown.userId(),
                    shown.assetId(),
                    shown.collectionId(),
                    shown.jobId(),
                    shown.modelId(),
                    shown.isApiKey(),
                    shown.byok().map(b -> new Event.ByokProvider(Optional.of(b.id()), Optional.of(b.displayName()))),
                    cost);
            String key = eventKey(event);
            SortedMap<String, Measure> measures = new TreeMap<>();
            cost.ifPresent(c -> measures.put(Event.COST, c));
            rows.put(key + "#" + twins.merge(key, 1, Integer::sum), new Row(measures));
        }
    }

    /** What two sides that number twins differently agree on: identity and cost. */
    static String eventKey(Event event) {
        return Identity.text(event) + "|"
                + event.cost()
                        .map(c -> Measure.plain(c.value()).toPlainString())
                        .orElse("");
    }

    private static SortedMap<String, Optional<String>> dimensions(List<String> names, List<Optional<String>> values) {
        SortedMap<String, Optional<String>> dimensions = new TreeMap<>();
        for (int i = 0; i < names.size(); i++) {
            dimensions.put(names.get(i), values.get(i));
        }
        return dimensions;
    }

    private static void put(
            Map<String, Row> rows,
            Split split,
            Instant start,
            Grain grain,
            SortedMap<String, Optional<String>> dimensions,
            SortedMap<String, Measure> measures) {
        Point point = new Point(start, grain, dimensions, measures);
        rows.put(Ids.point(split, point), new Row(measures));
    }

    /** A number as plain text, for a person. */
    static String plain(BigDecimal number) {
        return Measure.plain(number).toPlainString();
    }
}
