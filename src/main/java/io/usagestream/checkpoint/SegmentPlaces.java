package io.usagestream.checkpoint;

import io.usagestream.stream.Split;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the segments of a split lie in the topic, by day, and which number the next one has. In columns, sorted by day and number: 24
 * bytes a segment, of which each of tens of thousands of splits may have a hundred.
 */
public final class SegmentPlaces {
    /** The size of a segment that was never loaded. */
    private static final int NOT_LOADED = 0;

    private final Split split;
    private int[] days = {};
    private long[] numbers = {};
    private long[] offsets = {};
    private int[] bytes = {};
    private int size;
    private long next = 1;

    public SegmentPlaces(Split split) {
        this.split = split;
    }

    /** A segment lies there, and is not on the heap. */
    public void restored(SegmentName name, long offset) {
        put(name, offset, NOT_LOADED);
    }

    /** A segment that was restored is on the heap. */
    public void loaded(SegmentName name, int length) {
        int at = find(day(name), name.number());
        if (at < size && is(at, name)) {
            bytes[at] = length;
        }
    }

    /** A segment was written. */
    public void put(SegmentName name, long offset, int length) {
        int at = find(day(name), name.number());
        if (at == size || !is(at, name)) {
            insert(at);
            days[at] = day(name);
            numbers[at] = name.number();
        }
        offsets[at] = offset;
        bytes[at] = length;
        next = Math.max(next, name.number() + 1);
    }

    /** A segment is gone. */
    public void drop(SegmentName name) {
        drop(name.day(), name.number());
    }

    /** The segment of that day and number is gone. */
    public void drop(LocalDate day, long number) {
        int at = find(Math.toIntExact(day.toEpochDay()), number);
        if (at < size && days[at] == day.toEpochDay() && numbers[at] == number) {
            size--;
            move(at + 1, at, size - at);
            if (size < days.length / 2) {
                resize(size);
            }
        }
    }

    /** The name of the next segment. */
    public SegmentName next(LocalDate day) {
        return new SegmentName(split, day, next++);
    }

    /** Where a day's segments lie. */
    public Map<SegmentName, Long> of(LocalDate day) {
        Map<SegmentName, Long> found = new HashMap<>();
        for (int at = first(day); at < first(day.plusDays(1)); at++) {
            found.put(name(at), offsets[at]);
        }
        return found;
    }

    /** The sizes of a day's segments, in bytes. */
    public Map<SegmentName, Integer> sizes(LocalDate day) {
        Map<SegmentName, Integer> found = new HashMap<>();
        for (int at = first(day); at < first(day.plusDays(1)); at++) {
            found.put(name(at), bytes[at]);
        }
        return found;
    }

    /** Segments of days before a day. */
    public List<SegmentName> before(LocalDate day) {
        List<SegmentName> found = new ArrayList<>();
        for (int at = 0; at < first(day); at++) {
            found.add(name(at));
        }
        return found;
    }

    /** Where the segments lie that were never loaded, of a day and those after it. */
    public Map<SegmentName, Long> notLoaded(LocalDate from) {
        Map<SegmentName, Long> missing = new HashMap<>();
        for (int at = first(from); at < size; at++) {
            if (bytes[at] == NOT_LOADED) {
                missing.put(name(at), offsets[at]);
            }
        }
        return missing;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    private static int day(SegmentName name) {
        return Math.toIntExact(name.day().toEpochDay());
    }

    private SegmentName name(int at) {
        return new SegmentName(split, LocalDate.ofEpochDay(days[at]), numbers[at]);
    }

    private boolean is(int at, SegmentName name) {
        return days[at] == day(name) && numbers[at] == name.number();
    }

    private int first(LocalDate day) {
        return find(Math.toIntExact(day.toEpochDay()), Long.MIN_VALUE);
    }

    /** Where that segment is or would be. */
    private int find(int day, long number) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            boolean before = days[middle] < day || days[middle] == day && numbers[middle] < number;
            if (before) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private void insert(int at) {
        if (size == days.length) {
            resize(size + size / 4 + 4);
        }
        move(at, at + 1, size - at);
        size++;
    }

    private void move(int from, int to, int length) {
        System.arraycopy(days, from, days, to, length);
        System.arraycopy(numbers, from, numbers, to, length);
        System.arraycopy(offsets, from, offsets, to, length);
        System.arraycopy(bytes, from, bytes, to, length);
    }

    private void resize(int length) {
        days = Arrays.copyOf(days, length);
        numbers = Arrays.copyOf(numbers, length);
        offsets = Arrays.copyOf(offsets, length);
        bytes = Arrays.copyOf(bytes, length);
    }
}
