package io.usagestream.dedup;

import io.usagestream.stream.Measures;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;

/**
 * Bounds how many sums a day has. A period has one for every name and unit of its day's numbers, which are upstream's texts: one
 * that made them up would have a period larger than a record may be, and the lane refused for ever.
 *
 * <p>What was published counts, and of one read what was let through before, so a row for which there is no room has none after a
 * restart and in any later read either, unless others go.
 */
final class SumNames {
    /**
     * The sums of one day: what is known of upstreams has some dozens. A period has them twice, and in its deltas those of the one
     * before; with the longest names and units that is a quarter of a megabyte.
     */
    static final int MAX = 256;

    private final SeenIndex index;
    private final Map<LocalDate, OfDay> days = new HashMap<>();
    private LocalDate lastDay = LocalDate.MIN;
    private Measures last = Measures.empty();

    SumNames(SeenIndex index) {
        this.index = index;
    }

    /** Takes a row's numbers into account; false, and nothing taken, when the day has no room for their names and units. */
    boolean take(LocalDate day, Measures measures) {
        if (measures.sharesNamesWith(last) && day.equals(lastDay)) {
            return true;
        }
        if (!days.computeIfAbsent(day, OfDay::new).take(measures)) {
            return false;
        }
        lastDay = day;
        last = measures;
        return true;
    }

    private final class OfDay {
        private final LocalDate day;
        private final MeasureNames taken = new MeasureNames();
        /** Whether what was published of the day is among those taken. */
        private boolean whole;

        OfDay(LocalDate day) {
            this.day = day;
        }

        boolean take(Measures measures) {
            int more = missing(measures);
            // the index knows the names of all days that it holds: while they are few, nobody has to look which are
            // this day's
            if (more > 0 && !whole && index.names().size() + taken.size() + more > MAX) {
                index.day(day).namesInto(taken);
                whole = true;
                more = missing(measures);
            }
            if (more > 0 && whole && taken.size() + more > MAX) {
                return false;
            }
            for (int n = 0; more > 0 && n < measures.size(); n++) {
                taken.number(measures.name(n), measures.unit(n), n);
            }
            return true;
        }

        private int missing(Measures measures) {
            int missing = 0;
            int probably = 0;
            for (int n = 0; n < measures.size(); n++) {
                int number = taken.find(measures.name(n), measures.unit(n), probably);
                missing += number < 0 ? 1 : 0;
                probably = number + 1;
            }
            return missing;
        }
    }
}
