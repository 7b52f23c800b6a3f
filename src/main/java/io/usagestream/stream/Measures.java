package io.usagestream.stream;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A row's measures by name, in columns: whole numbers of up to 18 digits, which nearly all are, in an array of their own, so that
 * a row of them is two objects and none a number. A {@link Measure} is made of one only when somebody asks for it.
 */
public final class Measures extends Named<Measure> {
    /** Below it, a whole number is kept as a count. */
    private static final long LIMIT = 1_000_000_000_000_000_000L;

    private static final Measures EMPTY = new Measures(new String[0], new String[0], new long[0], null);

    private final String[] units;
    private final long[] counts;

    /** What is no count, at its place; null when all are. */
    private final @Nullable Measure @Nullable [] others;

    private Measures(String[] names, String[] units, long[] counts, @Nullable Measure @Nullable [] others) {
        super(names);
        this.units = units;
        this.counts = counts;
        this.others = others;
    }

    public static Measures empty() {
        return EMPTY;
    }

    public static Measures of(String name, Measure measure) {
        Builder builder = new Builder();
        builder.put(name, measure);
        return builder.build();
    }

    /** Those measures: itself when it is them already, else a copy. */
    public static Measures of(SortedMap<String, Measure> measures) {
        if (measures instanceof Measures already) {
            return already;
        }
        Builder builder = new Builder();
        measures.forEach(builder::put);
        return builder.build();
    }

    @Override
    public Measure value(int n) {
        Measure other = other(n);
        return other == null ? new Measure(BigDecimal.valueOf(counts[n]), units[n], Optional.empty()) : other;
    }

    /** The n-th measure's unit. */
    public String unit(int n) {
        return units[n];
    }

    /** Whether the n-th measure is a whole number of up to 18 digits, and as exact as it came: then {@link #count} is all of it. */
    public boolean isCount(int n) {
        return other(n) == null;
    }

    /** The n-th measure's number, if it {@link #isCount}. */
    public long count(int n) {
        return counts[n];
    }

    /** The exact plain text of the n-th measure, present only when its value is rounded. */
    public Optional<String> exact(int n) {
        Measure other = other(n);
        return other == null ? Optional.empty() : other.exact();
    }

    /** Whether names and units are the very same as others': rows of one kind share them. Where not, they may be equal. */
    public boolean sharesNamesWith(Measures others) {
        return names == others.names && units == others.units;
    }

    /** Whether all of them are zero. */
    public boolean allZero() {
        for (int n = 0; n < names.length; n++) {
            Measure other = other(n);
            if (other == null ? counts[n] != 0 : !other.isZero()) {
                return false;
            }
        }
        return true;
    }

    /** The same names with other measures. */
    public Measures map(BiFunction<String, Measure, Measure> function) {
        Builder builder = new Builder();
        forEach((name, measure) -> builder.put(name, function.apply(name, measure)));
        return builder.build();
    }

    private @Nullable Measure other(int n) {
        return others == null ? null : others[n];
    }

    @Override
    public boolean equals(@Nullable Object o) {
        if (o instanceof Measures that) {
            return this == that
                    || Arrays.equals(counts, that.counts)
                            && (names == that.names || Arrays.equals(names, that.names))
                            && (units == that.units || Arrays.equals(units, that.units))
                            && Arrays.equals(others, that.others);
        }
        return super.equals(o);
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }

    /** Takes measures in any order; used again and again, what it builds of the same names and units shares them. */
    public static final class Builder {
        private String[] names = new String[8];
        private String[] units = new String[8];
        private long[] counts = new long[8];
        private @Nullable Measure[] others = new Measure[8];
        private int size;
        private String[] sharedNames = new String[0];
        private String[] sharedUnits = new String[0];

        /** Begins anew. */
        public Builder begin() {
            size = 0;
            return this;
        }

        /** Puts a whole number, instead of another of that name. */
        public void put(String name, String unit, long number) {
            if (number > -LIMIT && number < LIMIT) {
                set(place(name), unit, number, null);
            } else {
                set(place(name), unit, 0, Measure.of(number, unit));
            }
        }

        /** Puts a measure, instead of another of that name. */
        public void put(String name, Measure measure) {
            BigDecimal value = measure.value();
            if (value.scale() == 0 && Measure.isNarrow(value) && measure.exact().isEmpty()) {
                set(place(name), measure.unit(), Measure.unscaled(value), null);
            } else {
                set(place(name), measure.unit(), 0, measure);
            }
        }

        private void set(int at, String unit, long count, @Nullable Measure other) {
            units[at] = unit;
            counts[at] = count;
            others[at] = other;
        }

        /** Where that name is, or is from now on. */
        private int place(String name) {
            int known = find(names, size, name);
            if (known >= 0) {
                return known;
            }
            if (size == names.length) {
                grow();
            }
            int at = size++;
            while (at > 0 && names[at - 1].compareTo(name) > 0) {
                at--;
            }
            int behind = size - 1 - at;
            System.arraycopy(names, at, names, at + 1, behind);
            System.arraycopy(units, at, units, at + 1, behind);
            System.arraycopy(counts, at, counts, at + 1, behind);
            System.arraycopy(others, at, others, at + 1, behind);
            names[at] = name;
            return at;
        }

        public boolean contains(String name) {
            return find(names, size, name) >= 0;
        }

        public int size() {
            return size;
        }

        public Measures build() {
            if (size == 0) {
                return EMPTY;
            }
            if (!Arrays.equals(names, 0, size, sharedNames, 0, sharedNames.length)) {
                sharedNames = Arrays.copyOf(names, size);
            }
            if (!Arrays.equals(units, 0, size, sharedUnits, 0, sharedUnits.length)) {
                sharedUnits = Arrays.copyOf(units, size);
            }
            return new Measures(
                    sharedNames,
                    sharedUnits,
                    Arrays.copyOf(counts, size),
                    onlyCounts() ? null : Arrays.copyOf(others, size));
        }

        private boolean onlyCounts() {
            for (int n = 0; n < size; n++) {
                if (others[n] != null) {
                    return false;
                }
            }
            return true;
        }

        private void grow() {
            int length = 2 * names.length;
            names = Arrays.copyOf(names, length);
            units = Arrays.copyOf(units, length);
            counts = Arrays.copyOf(counts, length);
            others = Arrays.copyOf(others, length);
        }
    }
}
