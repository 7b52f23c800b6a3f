package io.usagestream.query;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * One line of a usage summary.
 *
 * @param name a user, a model, a stream …; empty where upstream says null
 * @param day its UTC day, in sections by day
 * @param rows how many rows went in
 * @param sums by {@code <measure>/<unit>}
 */
public record UsageLine(
        String provider,
        String source,
        Optional<String> name,
        Optional<LocalDate> day,
        long rows,
        SortedMap<String, BigDecimal> sums) {
    /** Measures that say what something cost, before those that say how much it was. */
    private static final List<String> WEIGHTS = List.of(
            "total", "cost", "amount", "num_model_requests", "num_requests", "jobs", "count", "value", "num_sessions");

    /** The most costly first within a unit; without a cost, the most used. */
    static final Comparator<UsageLine> BY_WEIGHT = Comparator.<UsageLine>comparingInt(line -> line.weight().rank)
            .thenComparing(line -> line.weight().unit)
            .thenComparing(line -> line.weight().number, Comparator.reverseOrder())
            .thenComparing(UsageLine::provider)
            .thenComparing(UsageLine::source)
            .thenComparing(line -> line.name.orElse(""));

    /** Days in order; within a day the most costly first. */
    static final Comparator<UsageLine> BY_DAY = Comparator.<UsageLine, LocalDate>comparing(
                    line -> line.day.orElse(LocalDate.MIN))
            .thenComparing(BY_WEIGHT);

    private record Weight(int rank, String unit, BigDecimal number) {}

    private Weight weight() {
        for (int rank = 0; rank < WEIGHTS.size(); rank++) {
            for (Map.Entry<String, BigDecimal> sum :
                    sums.tailMap(WEIGHTS.get(rank) + "/").entrySet()) {
                if (!sum.getKey().startsWith(WEIGHTS.get(rank) + "/")) {
                    break;
                }
                boolean money = rank < 3;
                return new Weight(
                        money ? 0 : rank, sum.getKey().substring(sum.getKey().indexOf('/') + 1), sum.getValue());
            }
        }
        return new Weight(WEIGHTS.size(), "", BigDecimal.ZERO);
    }

    /** A sum; zero when there is none. */
    BigDecimal sum(String name) {
        return sums.getOrDefault(name, BigDecimal.ZERO);
    }
}
