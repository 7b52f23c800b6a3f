package io.usagestream.ops.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.usagestream.ingest.LaneStatus;
import io.usagestream.ingest.SplitStatus;
import io.usagestream.ops.Severity;
import io.usagestream.stream.Split;
import io.usagestream.stream.SplitState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.DoubleBinaryOperator;

/**
 * The gauges of splits and lanes, computed when they are read. A split that went to another instance has none here: its lag would
 * grow for ever and wake people.
 */
final class Gauges {
    private final SourceLabel label;
    private final MultiGauge lag;
    private final MultiGauge frontier;
    private final MultiGauge watermark;
    private final MultiGauge lastSuccess;
    private final MultiGauge state;
    private final MultiGauge entries;
    private final MultiGauge bytes;
    private final MultiGauge skew;
    private final MultiGauge unknown;
    private final MultiGauge lanes;

    Gauges(MeterRegistry registry, SourceLabel label) {
        this.label = label;
        lag = gauge(registry, "lag.seconds", "Age of the last complete read of the hot end");
        frontier = gauge(registry, "frontier.timestamp.seconds", "End of the closed event time that was read");
        watermark = gauge(registry, "watermark.timestamp.seconds", "Event time before which rows are final");
        lastSuccess = gauge(registry, "last.success.timestamp.seconds", "When the last complete read began");
        state = gauge(registry, "source.state", "Number of sources in that state: the worst of their streams'");
        entries = gauge(registry, "index.entries", "Keys that the seen index holds on the heap");
        bytes = gauge(registry, "index.bytes", "Heap that the seen index occupies");
        skew = gauge(registry, "clock.skew.seconds", "Upstream's clock less ours");
        unknown = gauge(registry, "unknown.fields", "Times that upstream showed something that is not known");
        lanes = gauge(registry, "lanes.owned", "Lanes that this instance owns");
    }

    private static MultiGauge gauge(MeterRegistry registry, String name, String description) {
        return MultiGauge.builder("usagestream." + name)
                .description(description)
                .register(registry);
    }

    /**
     * @param unread configured splits that were not read yet, and since when this instance has to
     */
    void refresh(
            Collection<SplitStatus> splits, Map<Split, Instant> unread, Collection<LaneStatus> owned, Instant now) {
        lag(splits, unread, now);
        bySplit(frontier, splits, Math::min, s -> s.frontier().map(Gauges::seconds));
        bySplit(watermark, splits, Math::min, s -> s.watermark().map(Gauges::seconds));
        bySplit(lastSuccess, splits, Math::min, s -> s.lastSuccessAt().map(Gauges::seconds));
        bySource(entries, splits, Double::sum, s -> (double) s.indexEntries());
        bySource(bytes, splits, Double::sum, s -> (double) s.indexBytes());
        bySource(
                unknown,
                splits,
                Double::sum,
                s -> s.unknown().values().stream().mapToLong(Long::longValue).sum());
        bySource(skew, splits, Gauges::farther, s -> seconds(s.skew()));
        states(splits);
        lanes.register(List.of(MultiGauge.Row.of(Tags.empty(), owned.size())), true);
    }

    /** What a gauge shows of a split. */
    private interface Reading {
        Optional<Double> of(SplitStatus split);
    }

    /** Before the first read a split lags since its lane is ours, so that one that never begins is seen too. */
    private void lag(Collection<SplitStatus> splits, Map<Split, Instant> unread, Instant now) {
        Map<String, Map<String, Double>> rows = new LinkedHashMap<>();
        splits.forEach(s -> s.hotReadAt().ifPresent(at -> lag(rows, s.split(), at, now)));
        unread.forEach((split, since) -> lag(rows, split, since, now));
        show(lag, tagged(rows));
    }

    private void lag(Map<String, Map<String, Double>> rows, Split split, Instant since, Instant now) {
        rows.computeIfAbsent(label.of(split.source()), source -> new LinkedHashMap<>())
                .merge(split.stream(), seconds(Duration.between(since, now)), Math::max);
    }

    private void bySplit(
            MultiGauge gauge, Collection<SplitStatus> splits, DoubleBinaryOperator worse, Reading reading) {
        // tags are made once a series and not once a split: there may be thirty thousand of those behind a few series
        Map<String, Map<String, Double>> rows = new LinkedHashMap<>();
        for (SplitStatus split : splits) {
            reading.of(split)
                    .ifPresent(value -> rows.computeIfAbsent(
                                    label.of(split.split().source()), source -> new LinkedHashMap<>())
                            .merge(split.split().stream(), value, worse::applyAsDouble));
        }
        show(gauge, tagged(rows));
    }

    private static Map<Tags, Double> tagged(Map<String, Map<String, Double>> rows) {
        Map<Tags, Double> tagged = new LinkedHashMap<>();
        rows.forEach((source, streams) ->
                streams.forEach((stream, value) -> tagged.put(Tags.of("source", source, "stream", stream), value)));
        return tagged;
    }

    private void bySource(
            MultiGauge gauge,
            Collection<SplitStatus> splits,
            DoubleBinaryOperator together,
            java.util.function.ToDoubleFunction<SplitStatus> reading) {
        Map<String, Double> rows = new LinkedHashMap<>();
        for (SplitStatus split : splits) {
            rows.merge(label.of(split.split().source()), reading.applyAsDouble(split), together::applyAsDouble);
        }
        Map<Tags, Double> tagged = new LinkedHashMap<>();
        rows.forEach((source, value) -> tagged.put(Tags.of("source", source), value));
        show(gauge, tagged);
    }

    private void states(Collection<SplitStatus> splits) {
        Map<String, SplitState> worst = new HashMap<>();
        splits.forEach(split -> worst.merge(split.split().source(), split.state(), Severity::worse));
        Map<String, EnumMap<SplitState, Double>> counts = new TreeMap<>();
        worst.forEach((source, its) -> counts.computeIfAbsent(label.of(source), l -> new EnumMap<>(SplitState.class))
                .merge(its, 1.0, Double::sum));
        Map<Tags, Double> rows = new LinkedHashMap<>();
        counts.forEach((source, its) -> {
            for (SplitState one : SplitState.values()) {
                rows.put(
                        Tags.of("source", source, "state", one.name().toLowerCase(Locale.ROOT)),
                        its.getOrDefault(one, 0.0));
            }
        });
        show(state, rows);
    }

    private static void show(MultiGauge gauge, Map<Tags, Double> values) {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        values.forEach((tags, value) -> rows.add(MultiGauge.Row.of(tags, value)));
        gauge.register(rows, true);
    }

    private static double farther(double a, double b) {
        return Math.abs(a) > Math.abs(b) ? a : b;
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    private static double seconds(Instant instant) {
        return instant.toEpochMilli() / 1000.0;
    }
}
