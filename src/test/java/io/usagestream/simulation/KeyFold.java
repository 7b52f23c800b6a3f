package io.usagestream.simulation;

import io.usagestream.stream.Digest;
import io.usagestream.stream.Measure;
import io.usagestream.stream.Publication.Change;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a consumer holds of one key. */
final class KeyFold {
    final String id;
    final LocalDate day;
    int revision;
    boolean retracted = true;
    SortedMap<String, Measure> values = new TreeMap<>();
    private final Map<String, BigDecimal> added = new HashMap<>();
    private Object content = "";

    KeyFold(String id, LocalDate day) {
        this.id = id;
        this.day = day;
    }

    /** Takes the next revision; says what is wrong with it. */
    void take(int next, boolean gone, SortedMap<String, Measure> now, Object contentNow) {
        if (next != revision + 1) {
            throw new Violation("revision " + next + " of " + id + " follows " + revision);
        }
        if (contentNow.equals(content)) {
            throw new Violation("revision " + next + " of " + id + " says what the one before said: " + contentNow);
        }
        revision = next;
        retracted = gone;
        values = now;
        content = contentNow;
    }

    /** Adds the deltas up: for every name and unit they must come to the value that holds. */
    void add(SortedMap<String, Change> changes) {
        changes.forEach(
                (name, change) -> added.merge(name + "/" + change.now().unit(), change.delta(), BigDecimal::add));
        added.forEach((name, sum) -> {
            Measure holds = values.get(name.substring(0, name.indexOf('/')));
            BigDecimal value = holds != null && name.endsWith("/" + holds.unit()) ? holds.value() : BigDecimal.ZERO;
            if (value.compareTo(sum) != 0) {
                throw new Violation("deltas of " + name + " add up to " + sum + ", value is " + value + " in " + id
                        + " revision " + revision);
            }
        });
    }

    /** The contribution to the day's digest, as a consumer computes it. */
    Digest contribution() {
        StringBuilder text = new StringBuilder(id);
        values.forEach((name, m) -> text.append('\n')
                .append(name)
                .append('=')
                .append(
                        m.value().signum() == 0
                                ? "0"
                                : m.value().stripTrailingZeros().toPlainString())
                .append(' ')
                .append(m.unit()));
        return Digest.of(text.toString());
    }
}
