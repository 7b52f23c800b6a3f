package io.usagestream.stream;

import java.util.Arrays;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** A few values of any kind by name. */
public final class ByName<V> extends Named<V> {
    private static final ByName<?> EMPTY = new ByName<>(new String[0], new Object[0]);

    private final Object[] values;
    private int hash;

    private ByName(String[] names, Object[] values) {
        super(names);
        this.values = values;
    }

    @SuppressWarnings("unchecked") // it holds nothing
    public static <V> ByName<V> empty() {
        return (ByName<V>) EMPTY;
    }

    public static <V> ByName<V> of(String name, V value) {
        return new ByName<>(new String[] {name}, new Object[] {value});
    }

    /** Those entries: itself when it is one already, else a copy. */
    public static <V> ByName<V> of(SortedMap<String, V> entries) {
        if (entries instanceof ByName<V> byName) {
            return byName;
        }
        Builder<V> builder = new Builder<>();
        entries.forEach(builder::put);
        return builder.build();
    }

    @Override
    @SuppressWarnings("unchecked") // only values of that type are put in
    public V value(int n) {
        return (V) values[n];
    }

    @Override
    public boolean equals(@Nullable Object o) {
        if (o instanceof ByName<?> other) {
            return this == other
                    || hashCode() == other.hashCode()
                            && (names == other.names || Arrays.equals(names, other.names))
                            && Arrays.equals(values, other.values);
        }
        return super.equals(o);
    }

    @Override
    public int hashCode() {
        if (hash == 0) {
            int sum = 0;
            for (int i = 0; i < names.length; i++) {
                sum += names[i].hashCode() ^ values[i].hashCode();
            }
            hash = sum;
        }
        return hash;
    }

    /** Takes entries in any order; used again and again, what it builds of the same names shares them. */
    public static final class Builder<V> {
        private String[] names = new String[8];
        private Object[] values = new Object[8];
        private int size;
        private String[] shared = new String[0];

        /** Begins anew, with those entries. */
        public Builder<V> begin(ByName<V> entries) {
            size = 0;
            room(entries.names.length);
            System.arraycopy(entries.names, 0, names, 0, entries.names.length);
            System.arraycopy(entries.values, 0, values, 0, entries.names.length);
            size = entries.names.length;
            return this;
        }

        /** Puts a value, instead of another of that name. */
        public void put(String name, V value) {
            int known = find(names, size, name);
            if (known >= 0) {
                values[known] = value;
                return;
            }
            room(size + 1);
            int at = size++;
            while (at > 0 && names[at - 1].compareTo(name) > 0) {
                names[at] = names[at - 1];
                values[at] = values[at - 1];
                at--;
            }
            names[at] = name;
            values[at] = value;
        }

        public boolean contains(String name) {
            return find(names, size, name) >= 0;
        }

        public int size() {
            return size;
        }

        /** Whether that is what it would {@link #build}. */
        public boolean builds(ByName<V> other) {
            return Arrays.equals(values, 0, size, other.values, 0, other.values.length)
                    && Arrays.equals(names, 0, size, other.names, 0, other.names.length);
        }

        public ByName<V> build() {
            if (!Arrays.equals(names, 0, size, shared, 0, shared.length)) {
                shared = Arrays.copyOf(names, size);
            }
            return size == 0 ? empty() : new ByName<>(shared, Arrays.copyOf(values, size));
        }

        private void room(int wanted) {
            if (wanted > names.length) {
                int length = Math.max(wanted, 2 * names.length);
                names = Arrays.copyOf(names, length);
                values = Arrays.copyOf(values, length);
            }
        }
    }
}
