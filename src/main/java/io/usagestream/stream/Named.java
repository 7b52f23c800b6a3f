package io.usagestream.stream;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A few values by name, sorted by name; immutable. An array of names, which rows of one kind share; how the values are kept is a
 * subclass's: a tree of the same entries takes five times the memory, and every row has several.
 */
abstract sealed class Named<V> extends AbstractMap<String, V> implements SortedMap<String, V> permits ByName, Measures {
    final String[] names;

    Named(String[] names) {
        this.names = names;
    }

    @Override
    public int size() {
        return names.length;
    }

    /** The n-th name, from 0. */
    public final String name(int n) {
        return names[n];
    }

    /** The value of the n-th name. */
    public abstract V value(int n);

    /** The number of a name; negative when it is not there. */
    final int at(@Nullable Object name) {
        return find(names, names.length, name);
    }

    /** Few names, so a scan beats a search. */
    static int find(String[] names, int size, @Nullable Object name) {
        for (int i = 0; i < size; i++) {
            if (names[i].equals(name)) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public void forEach(BiConsumer<? super String, ? super V> action) {
        for (int i = 0; i < names.length; i++) {
            action.accept(names[i], value(i));
        }
    }

    @Override
    public @Nullable V get(@Nullable Object name) {
        int at = at(name);
        return at < 0 ? null : value(at);
    }

    @Override
    public boolean containsKey(@Nullable Object name) {
        return at(name) >= 0;
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
}
