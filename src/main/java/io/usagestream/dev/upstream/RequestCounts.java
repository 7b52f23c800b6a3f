package io.usagestream.dev.upstream;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** How often each endpoint was asked. */
public final class RequestCounts {
    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

    void count(String path) {
        counts.computeIfAbsent(path, p -> new LongAdder()).increment();
    }

    /** Requests for a path, as {@code /v1/organization/costs}. */
    public long of(String path) {
        LongAdder count = counts.get(path);
        return count == null ? 0 : count.sum();
    }

    public long total() {
        return counts.values().stream().mapToLong(LongAdder::sum).sum();
    }

    public SortedMap<String, Long> byPath() {
        SortedMap<String, Long> all = new TreeMap<>();
        counts.forEach((path, count) -> all.put(path, count.sum()));
        return all;
    }
}
