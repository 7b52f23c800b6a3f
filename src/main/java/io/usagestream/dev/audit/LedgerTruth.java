package io.usagestream.dev.audit;

import io.usagestream.dev.upstream.ledger.Ledger;
import io.usagestream.dev.upstream.ledger.Meter;
import io.usagestream.dev.upstream.ledger.StudioEvent;
import io.usagestream.dev.upstream.ledger.TrueRow;
import io.usagestream.dev.upstream.ledger.Truth;
import io.usagestream.source.StreamSettings;
import io.usagestream.source.StreamType.Shape;
import io.usagestream.stream.ByName;
import io.usagestream.stream.Event;
import io.usagestream.stream.Grain;
import io.usagestream.stream.Identity;
import io.usagestream.stream.Ids;
import io.usagestream.stream.Measure;
import io.usagestream.stream.Measures;
import io.usagestream.stream.Point;
import io.usagestream.stream.Split;
import io.usagestream.stream.Window;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What the ledger says that Kafka must hold of a split, by the id of each record; straight from the ledger, past HTTP and decoders. */
final class LedgerTruth {
    private final Truth truth;
    private final int account;

    LedgerTruth(Ledger ledger, int account) {
        this.truth = new Truth(ledger);
        this.account = account;
    }

    /** The rows of a split that begin in the window; events by identity and cost: see {@link #eventKey}. */
    Map<String, Row> rows(StreamSettings settings, Window window) {
        if (settings.type().shape() == Shape.LOG) {
            return events(window);
        }
        Map<String, Row> rows = new TreeMap<>();
        points(settings, window).forEach(row -> put(rows, settings.split(), row));
        return rows;
    }

    private List<TrueRow> points(StreamSettings settings, Window window) {
        String stream = settings.type().name();
        if (settings.type().shape() == Shape.SERIES) {
            return series(settings, window);
        }
        if (stream.equals("costs")) {
            return truth.costs(account, settings.groupBy(), aligned(window, Grain.DAY));
        }
        Meter meter = Meter.of(stream).orElseThrow();
        Grain width = settings.width();
        return truth.usage(account, meter, width, settings.groupBy(), aligned(window, width));
    }

    /** Upstream chooses the grain of a series by the length of the request: of a day hours, of a week days. */
    private List<TrueRow> series(StreamSettings settings, Window window) {
        Grain length = Grain.of(settings.window()).orElseThrow();
        boolean whole = settings.type().name().equals("consumption");
        Grain points = length == Grain.DAY ? Grain.HOUR : Grain.DAY;
        Grain grain = whole ? length : points;
        List<TrueRow> rows = new ArrayList<>();
        Window windows = aligned(window, length);
        for (Instant from = windows.from(); from.isBefore(windows.to()); from = from.plus(length.width())) {
            Window one = new Window(from, from.plus(length.width()));
            rows.addAll(truth.series(account, settings.type().name(), grain, Set.of(), one));
        }
        return rows;
    }

    private static Window aligned(Window window, Grain grain) {
        return new Window(grain.floor(window.from()), grain.ceil(window.to()));
    }

    private Map<String, Row> events(Window window) {
        Map<String, Row> rows = new TreeMap<>();
        Map<String, Integer> twins = new HashMap<>();
        for (StudioEvent shown : truth.events(account, Set.of(), window)) {
            Optional<Measure> cost = shown.cost().map(c -> Measure.of(c, Event.COST_UNIT));
            Event event = event(shown, cost);
            String key = eventKey(event);
            rows.put(key + "#" + twins.merge(key, 1, Integer::sum), new Row(event.measures()));
        }
        return rows;
    }

    private static Event event(StudioEvent shown, Optional<Measure> cost) {
        return new Event(
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
    }

    /** What two sides that number twins differently agree on: identity and cost. */
    static String eventKey(Event event) {
        return Identity.text(event) + "|"
                + event.cost()
                        .map(c -> Measure.plain(c.value()).toPlainString())
                        .orElse("");
    }

    private static void put(Map<String, Row> rows, Split split, TrueRow row) {
        Measures.Builder said = new Measures.Builder();
        row.measures().forEach((name, quantity) -> said.put(name, Measure.of(quantity.amount(), quantity.unit())));
        Measures measures = said.build();
        Point point = new Point(row.start(), row.grain(), ByName.of(row.dimensions()), measures);
        rows.put(Ids.point(split, point), new Row(measures));
    }
}
