package io.usagestream.ingest;

import io.usagestream.checkpoint.SegmentName;
import io.usagestream.stream.Split;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Where the segments of a split lie in the topic, by day, and which number the next one has. */
final class SegmentPlaces {
    /** The size of a segment that was never loaded. */
    private static final int NOT_LOADED = 0;

    /** A segment in the topic. */
    private record Place(long offset, int bytes) {}

    private final Split split;
    private final TreeMap<LocalDate, Map<SegmentName, Place>> days = new TreeMap<>();
    private long next = 1;

    SegmentPlaces(Split split) {
        this.split = split;
    }

    /** A segment lies there, and is not on the heap. */
    void restored(SegmentName name, long offset) {
        put(name, offset, NOT_LOADED);
    }

    /** A segment that was restored is on the heap. */
    void loaded(SegmentName name, int bytes) {
        Place place = day(name.day()).get(name);
        if (place != null) {
            put(name, place.offset, bytes);
        }
    }

    /** A segment was written. */
    void put(SegmentName name, long offset, int bytes) {
        days.computeIfAbsent(name.day(), d -> new HashMap<>()).put(name, new Place(offset, bytes));
        next = Math.max(next, name.number() + 1);
    }

    void drop(SegmentName name) {
        Map<SegmentName, Place> day = days.get(name.day());
        if (day != null) {
            day.remove(name);
            if (day.isEmpty()) {
                days.remove(name.day());
            }
        }
    }

    /** The name of the next segment. */
    SegmentName next(LocalDate day) {
        return new SegmentName(split, day, next++);
    }

    /** Where a day's segments lie. */
    Map<SegmentName, Long> of(LocalDate day) {
        Map<SegmentName, Long> offsets = new HashMap<>();
        day(day).forEach((name, place) -> offsets.put(name, place.offset));
        return offsets;
    }

    /** The sizes of a day's segments, in bytes. */
    Map<SegmentName, Integer> sizes(LocalDate day) {
        Map<SegmentName, Integer> bytes = new HashMap<>();
        day(day).forEach((name, place) -> bytes.put(name, place.bytes));
        return bytes;
    }

    /** Segments of days before a day. */
    List<SegmentName> before(LocalDate day) {
        return days.headMap(day).values().stream()
                .flatMap(names -> names.keySet().stream())
                .toList();
    }

    /** Where the segments lie that were never loaded, of a day and those after it. */
    Map<SegmentName, Long> notLoaded(LocalDate from) {
        Map<SegmentName, Long> missing = new HashMap<>();
        days.tailMap(from)
                .values()
                .forEach(day -> day.forEach((name, place) -> {
                    if (place.bytes == NOT_LOADED) {
                        missing.put(name, place.offset);
                    }
                }));
        return missing;
    }

    private Map<SegmentName, Place> day(LocalDate day) {
        return days.getOrDefault(day, Map.of());
    }
}
