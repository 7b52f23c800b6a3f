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
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The last buckets of one series: what its rows hold now, whatever they held before.
 *
 * <p>Rows are upserted by id, so a revision replaces its predecessor in the bucket that it belongs to; nothing is ever added twice.
 * What is usual is read off the buckets as they are now, so a restated past moves the measure and raises no alarm: a bucket is judged
 * by what its rows held while it was new, less what was taken back of it since.
 */
final class Series {
    private static final int BUCKETS = 96;
    private static final int HISTORY = 12;
    private static final BigDecimal FACTOR = BigDecimal.valueOf(3);
    private static final int PERCENTILE = 95;

    private final String name;
    private final String split;
    private final Duration width;
    private final NavigableMap<Instant, Map<String, Held>> buckets = new TreeMap<>();
    private final SortedSet<Instant> news = new TreeSet<>();
    private final Set<Instant> alerted = new HashSet<>();

    /** @param whileNew what counts when its bucket is judged */
    private record Held(int revision, BigDecimal value, BigDecimal whileNew) {}

    Series(String name, String split, Duration width) {
        this.name = name;
        this.split = split;
        this.width = width;
    }

    /** The name of the split that it is of. */
    String split() {
        return split;
    }

    /**
     * Takes a row's revision, unless a later one is held, or the bucket is older than all that are kept.
     *
     * @param isNews whether the bucket was new when that was read
     * @return whether there is something to judge
     */
    boolean put(Instant bucket, String id, int revision, BigDecimal value, boolean isNews) {
        if (buckets.size() >= BUCKETS && bucket.isBefore(buckets.firstKey())) {
            return false;
        }
        Map<String, Held> rows = buckets.computeIfAbsent(bucket, b -> new HashMap<>());
        Held held = rows.get(id);
        if (held != null && held.revision() >= revision) {
            return false;
        }
        BigDecimal before = held == null ? BigDecimal.ZERO : held.whileNew();
        rows.put(id, new Held(revision, value, isNews ? value : before.min(value)));
        if (isNews) {
            news.add(bucket);
        }
        while (buckets.size() > BUCKETS) {
            Instant oldest = buckets.firstKey();
            buckets.remove(oldest);
            alerted.remove(oldest);
            news.remove(oldest);
        }
        return hasNews();
    }

    /** Whether a bucket has news that is not judged. */
    boolean hasNews() {
        return !news.isEmpty();
    }

    /**
     * The buckets with news that are spikes.
     *
     * @param frontier everything before was read; what begins much later is judged once that is
     */
    List<Alert> judge(Instant frontier) {
        List<Alert> alerts = new ArrayList<>();
        SortedSet<Instant> known =
                news.headSet(frontier.plus(SpikeDetector.late(width)).plusNanos(1));
        for (Instant bucket : known) {
            BigDecimal value = total(buckets.getOrDefault(bucket, Map.of()), Held::whileNew);
            usual(bucket)
                    .filter(usual -> isSpike(bucket, value, usual))
                    .ifPresent(usual -> alerts.add(new Alert(name, bucket, value, usual)));
        }
        known.clear();
        return alerts;
    }

    /**
     * What the buckets before that one usually hold at most: their 95th percentile. Upstream leaves out buckets without usage; they
     * count as zero. Empty until there is enough to say what is usual.
     */
    private Optional<BigDecimal> usual(Instant bucket) {
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
        before.values().forEach(rows -> totals.add(total(rows, Held::value)));
        while (totals.size() < slots) {
            totals.add(BigDecimal.ZERO);
        }
        BigDecimal[] sorted = totals.toArray(new BigDecimal[0]);
        Arrays.sort(sorted);
        BigDecimal high = sorted[(sorted.length - 1) * PERCENTILE / 100];
        return high.signum() > 0 ? Optional.of(high) : Optional.empty();
    }

    /** Whether so much is a spike where so much is usual, for the first time in that bucket. */
    private boolean isSpike(Instant bucket, BigDecimal value, BigDecimal usual) {
        return value.compareTo(usual.multiply(FACTOR)) > 0 && alerted.add(bucket);
    }

    private static BigDecimal total(Map<String, Held> rows, Function<Held, BigDecimal> what) {
        return rows.values().stream().map(what).reduce(BigDecimal.ZERO, BigDecimal::add);
    }
}
