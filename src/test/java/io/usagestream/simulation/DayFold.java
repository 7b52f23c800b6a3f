package io.usagestream.simulation;

import io.usagestream.stream.Digest;
import io.usagestream.stream.Publication.Period;
import java.math.BigDecimal;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a consumer holds of one UTC day of a split. */
final class DayFold {
    private long rows;
    private Digest digest = new Digest(0, 0);
    private final SortedMap<String, BigDecimal> sums = new TreeMap<>();

    @Nullable
    Period period;

    void remove(KeyFold key) {
        if (!key.retracted) {
            rows--;
            digest = digest.minus(key.contribution());
            key.values.forEach(
                    (name, m) -> sums.merge(name + "/" + m.unit(), m.value().negate(), BigDecimal::add));
        }
    }

    void add(KeyFold key) {
        if (!key.retracted) {
            rows++;
            digest = digest.plus(key.contribution());
            key.values.forEach((name, m) -> sums.merge(name + "/" + m.unit(), m.value(), BigDecimal::add));
        }
    }

    /** Takes the day's period: it must be the fold of what was published. */
    void close(Period now) {
        int before = period == null ? 0 : period.revision();
        if (now.revision() != before + 1) {
            throw new Violation("period revision " + now.revision() + " of " + now.day() + " follows " + before);
        }
        SortedMap<String, BigDecimal> last = period == null ? new TreeMap<>() : period.sums();
        SortedMap<String, BigDecimal> expected = new TreeMap<>(now.sums());
        last.forEach((name, sum) -> expected.merge(name, sum.negate(), BigDecimal::add));
        expected.forEach((name, delta) -> {
            if (delta.compareTo(now.deltas().getOrDefault(name, BigDecimal.ZERO)) != 0) {
                throw new Violation("delta of " + name + " in the period of " + now.day() + " is "
                        + now.deltas().get(name) + ", not " + delta);
            }
        });
        period = now;
        check();
    }

    /** Whether the day's last period still says what holds. */
    void check() {
        if (period == null) {
            return;
        }
        if (period.rows() != rows || !period.digest().equals(digest)) {
            throw new Violation("the period of " + period.split() + " " + period.day() + " says " + period.rows()
                    + " rows, " + period.digest().hex() + "; the points say " + rows + ", " + digest.hex());
        }
        sums.forEach((name, sum) -> {
            if (sum.compareTo(period.sums().getOrDefault(name, BigDecimal.ZERO)) != 0) {
                throw new Violation(
                        "the period of " + period.day() + " says " + period.sums() + ", the points " + sums);
            }
        });
    }
}
