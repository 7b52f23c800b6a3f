package io.usagestream.dev.consumers.anomaly;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The last buckets of one series: what its rows hold now, whatever they held before.
 *
 * <p>Rows are upserted by id, so a revision replaces its predecessor in the bucket that it belongs to; nothing is ever added twice.
 * What is usual is read off the buckets as they are now, so a restated past moves the measure and raises no alarm.
 */
final class Series {
    private static final int BUCKETS = 96;
    private static final int HISTORY = 12;
    private static final BigDecimal FACTOR = BigDecimal.valueOf(3);
    private static final int PERCENTILE = 95;

    private final Duration width;
    private final NavigableMap<Instant, Map<String, Held>> buckets = new TreeMap<>();
    private final Set<Instant> alerted = new HashSet<>();

    private record Held(int revision, BigDecimal value) {}

    Series(Duration width) {
        this.width = width;
    }

    /** Takes a row's revision; empty when a later one is held, or the bucket is older than all that are kept. */
    Optional<BigDecimal> put(Instant bucket, String id, int revision, BigDecimal value) {
        if (buckets.size() >= BUCKETS && bucket.isBefore(buckets.firstKey())) {
            return Optional.empty();
        }
        Map<String, Held> rows = buckets.computeIfAbsent(bucket, b -> new HashMap<>());
        Held held = rows.get(id);
        if (held != null && held.revision() >= revision) {
            return Optional.empty();
        }
        rows.put(id, new Held(revision, value));
        while (buckets.size() > BUCKETS) {
            Instant oldest = buckets.firstKey();
            buckets.remove(oldest);
            alerted.remove(oldest);
        }
        return Optional.of(total(rows));
    }

    /**
     * What the buckets before that one usually hold at most: their 95th percentile. Upstream leaves out buckets without usage; they
     * count as zero. Empty until there is enough to say what is usual.
     */
    Optional<BigDecimal> usual(Instant bucket) {
        NavigableMap<Instant, Map<String, Held>> before = buckets.headMap(bucket, false);
        if (before.isEmpty()) {
            return Optional.empty();
        }
        long slots =
                Math.min(BUCKETS, Duration.between(before.firstKey(), bucket).dividedBy(width));
        if (slots < HISTORY) {
            return Optional.empty();
        }
        List<BigDecimal> totals = new ArrayList<>();
        before.values().forEach(rows -> totals.add(total(rows)));
        while (totals.size() < slots) {
            totals.add(BigDecimal.ZERO);
        }
        BigDecimal[] sorted = totals.toArray(new BigDecimal[0]);
        Arrays.sort(sorted);
        BigDecimal high = sorted[(sorted.length - 1) * PERCENTILE / 100];
        return high.signum() > 0 ? Optional.of(high) : Optional.empty();
    }

    /** Whether so much is a spike where so much is usual, for the first time in that bucket. */
    boolean isSpike(Instant bucket, BigDecimal value, BigDecimal usual) {
        return value.compareTo(usual.multiply(FACTOR)) > 0 && alerted.add(bucket);
    }

    private static BigDecimal total(Map<String, Held> rows) {
        return rows.values().stream().map(Held::value).reduce(BigDecimal.ZERO, BigDecimal::add);
    }
}
