package io.usagestream.stream;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A few values by name, sorted by name; immutable. Two arrays, of which rows of one kind share the names: a tree of the same
 * entries takes five times the memory, and every row has several.
 */
public final class ByName<V> extends AbstractMap<String, V> implements SortedMap<String, V> {
    private static final ByName<?> EMPTY = new ByName<>(new String[0], new Object[0]);

    private final String[] names;
    private final Object[] values;
    private int hash;

    private ByName(String[] names, Object[] values) {
        this.names = names;
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
    public int size() {
        return names.length;
    }

    /** The n-th name, from 0. */
    public String name(int n) {
        return names[n];
    }

    /** The value of the n-th name. */
    @SuppressWarnings("unchecked") // only values of that type are put in
    public V value(int n) {
        return (V) values[n];
    }

    /** The same names with other values. */
    public <W> ByName<W> map(BiFunction<String, V, W> function) {
        Object[] mapped = new Object[values.length];
        for (int i = 0; i < mapped.length; i++) {
            mapped[i] = function.apply(names[i], value(i));
        }
        return new ByName<>(names, mapped);
    }

    @Override
    public void forEach(BiConsumer<? super String, ? super V> action) {
        for (int i = 0; i < names.length; i++) {
            action.accept(names[i], value(i));
        }
    }

    @Override
    public @Nullable V get(@Nullable Object name) {
        int at = find(names, names.length, name);
        return at < 0 ? null : value(at);
    }

    @Override
    public boolean containsKey(@Nullable Object name) {
        return find(names, names.length, name) >= 0;
    }

    /** Few names, so a scan beats a search. */
    private static int find(String[] names, int size, @Nullable Object name) {
        for (int i = 0; i < size; i++) {
            if (names[i].equals(name)) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public Set<Map.Entry<String, V>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Map.Entry<String, V>> iterator() {
                return new Entries();
            }

            @Override
            public int size() {
                return names.length;
            }
        };
    }

    private final class Entries implements Iterator<Map.Entry<String, V>> {
        private int next;

        @Override
        public boolean hasNext() {
            return next < names.length;
        }

        @Override
        public Map.Entry<String, V> next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return Map.entry(names[next], value(next++));
        }
    }

    @Override
    public @Nullable Comparator<? super String> comparator() {
        return null;
    }

    @Override
    public SortedMap<String, V> subMap(String from, String to) {
        return new TreeMap<>(this).subMap(from, to);
    }

    @Override
    public SortedMap<String, V> headMap(String to) {
        return new TreeMap<>(this).headMap(to);
    }

    @Override
    public SortedMap<String, V> tailMap(String from) {
        return new TreeMap<>(this).tailMap(from);
    }

    @Override
    public String firstKey() {
        return named(0);
    }

    @Override
    public String lastKey() {
        return named(names.length - 1);
    }

    private String named(int n) {
        if (names.length == 0) {
            throw new NoSuchElementException();
        }
        return names[n];
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
