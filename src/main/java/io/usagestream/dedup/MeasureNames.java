package io.usagestream.dedup;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The numbering of measure names with their units, so that a packed value costs a byte or two for its name. */
public final class MeasureNames {
    /** A measure's name with its unit. */
    public record Name(String measure, String unit) {}

    private final List<Name> names = new ArrayList<>();
    private final Map<Name, Integer> numbers = new HashMap<>();

    /** The number of a name; a new name gets the next one. */
    public int number(Name name) {
        return numbers.computeIfAbsent(name, n -> {
            names.add(n);
            return names.size() - 1;
        });
    }

    public Name name(int number) {
        return names.get(number);
    }

    /** All names in the order of their numbers. */
    public List<Name> all() {
        return List.copyOf(names);
    }
}
