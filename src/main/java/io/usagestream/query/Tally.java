package io.usagestream.query;

import io.usagestream.stream.Split;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Sums by what rows have in common. */
final class Tally {
    /** More groups than that do not fit into an answer. */
    static final int MAX_GROUPS = 200_000;

    private final Map<Group, Sums> groups = new HashMap<>();

    /**
     * What rows have in common.
     *
     * @param name a user, a model …; empty where upstream says null
     */
    record Group(String provider, String source, Optional<String> name, Optional<LocalDate> day) {}

    static Group group(Split split, Optional<String> name) {
        return new Group(split.provider(), split.source(), name, Optional.empty());
    }

    static Group group(Split split, Optional<String> name, LocalDate day) {
        return new Group(split.provider(), split.source(), name, Optional.of(day));
    }

    /** @throws TooMuchException for more groups than an answer can hold */
    Sums of(Group group) {
        if (groups.size() >= MAX_GROUPS && !groups.containsKey(group)) {
            throw new TooMuchException(
                    "more than " + MAX_GROUPS + " lines in one section: ask for a shorter range, or include less");
        }
        return groups.computeIfAbsent(group, g -> new Sums());
    }

    /** A number of so many rows. */
    record Number(String measure, String unit, BigDecimal value) {}

    /** Adds the numbers of rows to a group. */
    void add(Group group, List<Number> numbers, long rows) {
        Sums sums = of(group);
        sums.rows(rows);
        numbers.forEach(number -> sums.add(number.measure(), number.unit(), number.value()));
    }

    /** Number of groups; those whose rows were all retracted are none. */
    int size() {
        return (int) groups.values().stream().filter(sums -> sums.rows() != 0).count();
    }

    /** The groups as lines, in no order. */
    List<UsageLine> lines(Predicate<Sums> wanted) {
        List<UsageLine> lines = new ArrayList<>(groups.size());
        groups.forEach((group, sums) -> {
            if (sums.rows() != 0 && wanted.test(sums)) {
                lines.add(new UsageLine(
                        group.provider(), group.source(), group.name(), group.day(), sums.rows(), sums.byName()));
            }
        });
        return lines;
    }
}
