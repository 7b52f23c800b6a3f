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
    private final PackedBytes scratch = PackedBytes.passing(64);
    private final Map<Name, Integer> numbers = new HashMap<>();

    /** The number of a name; a new name gets the next one. */
    public int number(Name name) {
        return numbers.computeIfAbsent(name, n -> {
            names.add(n);
            return names.size() - 1;
        });
    }

    /** The number of a name that probably is that one: rows of one kind have the same names in the same order. */
    public int number(String measure, String unit, int probably) {
        return is(probably, measure, unit) ? probably : number(new Name(measure, unit));
    }

    /** The number of a name that probably is that one; negative when it has none. */
    int find(String measure, String unit, int probably) {
        return is(probably, measure, unit) ? probably : numbers.getOrDefault(new Name(measure, unit), -1);
    }

    private boolean is(int number, String measure, String unit) {
        if (number >= names.size()) {
            return false;
        }
        Name name = names.get(number);
        return name.measure.equals(measure) && name.unit.equals(unit);
    }

    int size() {
        return names.size();
    }

    /** Memory, empty, to pack one row's values in. */
    PackedBytes scratch() {
        scratch.clear();
        return scratch;
    }

    public Name name(int number) {
        return names.get(number);
    }

    /** All names in the order of their numbers. */
    public List<Name> all() {
        return List.copyOf(names);
    }
}
