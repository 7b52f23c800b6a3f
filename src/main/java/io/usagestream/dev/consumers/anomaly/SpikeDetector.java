package io.usagestream.dev.consumers.anomaly;

import io.usagestream.stream.Measure;
import io.usagestream.stream.Publication.PointRevision;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Watches every series of points and says when the newest buckets hold far more than usual.
 *
 * <p>A series is one measure of one stream by project, model and the like; users and keys are summed up, for single ones jump by
 * nature. The open bucket is looked at as it grows: a spike is seen at the poll that shows it, not when its bucket ends. Only buckets
 * that are new raise an alarm: a revision of an older one is a correction or late news and changes what is usual, nothing else.
 */
public final class SpikeDetector {
    private static final Set<String> MEASURES =
            Set.of("amount", "cost", "total", "num_model_requests", "input_tokens", "output_tokens", "jobs", "count");
    private static final Set<String> SUMMED_UP = Set.of("user_id", "api_key_id", "batch", "service_tier");

    /** News of a bucket that ended longer ago than this is late, whatever it says. */
    private static final Duration LATE = Duration.ofMinutes(15);

    private static final int MAX_SERIES = 20_000;

    private final Map<String, Series> series = new LinkedHashMap<>(1024, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Series> eldest) {
            return size() > MAX_SERIES;
        }
    };

    /** Takes a revision and says what it shows. */
    public List<Alert> add(PointRevision point) {
        List<Alert> alerts = new ArrayList<>();
        for (Map.Entry<String, Measure> measure : point.measures().entrySet()) {
            if (MEASURES.contains(measure.getKey())) {
                add(point, measure.getKey(), measure.getValue().value()).ifPresent(alerts::add);
            }
        }
        return alerts;
    }

    private Optional<Alert> add(PointRevision point, String measure, BigDecimal value) {
        String name = name(point, measure);
        Series of = series.computeIfAbsent(name, n -> new Series(point.grain().width()));
        Optional<BigDecimal> total = of.put(point.start(), point.id(), point.revision(), value);
        if (total.isEmpty() || !isNews(point)) {
            return Optional.empty();
        }
        return of.usual(point.start())
                .filter(usual -> of.isSpike(point.start(), total.get(), usual))
                .map(usual -> new Alert(name, point.start(), total.get(), usual));
    }

    /** A retraction, a restatement and late news of an old bucket are not: they say that the past was other than thought. */
    private static boolean isNews(PointRevision point) {
        Instant end = point.start().plus(point.grain().width());
        return !point.restated() && !point.retracted() && point.observedAt().isBefore(end.plus(LATE));
    }

    private static String name(PointRevision point, String measure) {
        TreeMap<String, Optional<String>> dimensions = new TreeMap<>(point.dimensions());
        if (!point.split().stream().equals("consumption")) {
            dimensions.keySet().removeAll(SUMMED_UP);
        }
        StringBuilder name = new StringBuilder(point.split().name()).append(' ').append(measure);
        dimensions.forEach((dimension, value) ->
                name.append(' ').append(dimension).append('=').append(value.orElse("(null)")));
        return name.toString();
    }
}
