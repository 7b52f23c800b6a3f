package io.usagestream.query;

import io.usagestream.stream.Measure;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Exact sums by measure and unit, of so many rows. */
final class Sums {
    private record Name(String measure, String unit) {}

    private final Map<Name, BigDecimal> numbers = new HashMap<>();
    private long rows;

    void add(String measure, String unit, BigDecimal value) {
        numbers.merge(new Name(measure, unit), value, BigDecimal::add);
    }

    /** Counts rows; their numbers come by {@link #add}. */
    void rows(long more) {
        rows += more;
    }

    long rows() {
        return rows;
    }

    boolean isZero() {
        return numbers.values().stream().allMatch(number -> number.signum() == 0);
    }

    /** By {@code <measure>/<unit>}, as in the periods. */
    SortedMap<String, BigDecimal> byName() {
        SortedMap<String, BigDecimal> plain = new TreeMap<>();
        numbers.forEach((name, number) -> plain.put(name.measure() + "/" + name.unit(), Measure.plain(number)));
        return plain;
    }
}
