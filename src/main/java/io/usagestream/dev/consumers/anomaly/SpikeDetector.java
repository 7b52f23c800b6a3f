package io.usagestream.dev.consumers.anomaly;

import io.usagestream.stream.Measure;
import io.usagestream.stream.Publication.PointRevision;
import io.usagestream.stream.Publication.Progress;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
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
 *
 * <p>Records of several partitions come in any order, and the newest bucket is published before history is. So nothing is judged as
 * it comes, but when all that is there has been taken, and only what the stream's progress says nothing is missing before.
 */
public final class SpikeDetector {
    private static final Set<String> MEASURES =
            Set.of("amount", "cost", "total", "num_model_requests", "input_tokens", "output_tokens", "jobs", "count");
    private static final Set<String> SUMMED_UP = Set.of("user_id", "api_key_id", "batch", "service_tier");

    /** A bucket is new until the next one ends, for that is how late upstream shows a day of costs; but this long at least. */
    private static final Duration LATE = Duration.ofMinutes(15);

    private static final int MAX_SERIES = 20_000;

    private final Map<String, Series> series = new LinkedHashMap<>(1024, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Series> eldest) {
            return size() > MAX_SERIES;
        }
    };

    /** By the split's name: the event time up to which everything was read. */
    private final Map<String, Instant> frontiers = new HashMap<>();

    private final Set<Series> waiting = new LinkedHashSet<>();

    /** Takes a revision. */
    public void add(PointRevision point) {
        for (Map.Entry<String, Measure> measure : point.measures().entrySet()) {
            if (MEASURES.contains(measure.getKey())) {
                add(point, measure.getKey(), measure.getValue().value());
            }
        }
    }

    /** Takes how far a stream was read. */
    public void add(Progress progress) {
        frontiers.put(progress.split().name(), progress.frontier());
    }

    /** What the buckets show that have news: to be asked when all that is there has been taken. */
    public List<Alert> alerts() {
        List<Alert> alerts = new ArrayList<>();
        waiting.forEach(one -> Optional.ofNullable(frontiers.get(one.split()))
                .ifPresent(frontier -> alerts.addAll(one.judge(frontier))));
        waiting.removeIf(one -> !one.hasNews());
        return alerts;
    }

    private void add(PointRevision point, String measure, BigDecimal value) {
        Series of = series.computeIfAbsent(
                name(point, measure),
                name -> new Series(name, point.split().name(), point.grain().width()));
        if (of.put(point.start(), point.id(), point.revision(), value, isNews(point))) {
            waiting.add(of);
        }
    }

    /** A retraction, a restatement and late news of an old bucket are not: they say that the past was other than thought. */
    private static boolean isNews(PointRevision point) {
        Duration width = point.grain().width();
        Instant end = point.start().plus(width);
        return !point.restated() && !point.retracted() && point.observedAt().isBefore(end.plus(late(width)));
    }

    /** How long after its end a bucket of that width is new, and how far beyond what was read one may begin that is judged. */
    static Duration late(Duration width) {
        return width.compareTo(LATE) > 0 ? width : LATE;
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
