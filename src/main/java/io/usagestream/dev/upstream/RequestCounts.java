package io.usagestream.dev.upstream;

import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.LongAdder;

/** How often each endpoint was asked. */
public final class RequestCounts {
    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

    private final Set<String> headers = new ConcurrentSkipListSet<>(String.CASE_INSENSITIVE_ORDER);

    void count(String path, Set<String> names) {
        headers.addAll(names);
        counts.computeIfAbsent(path, p -> new LongAdder()).increment();
    }

    /** Requests for a path, as {@code /v1/organization/costs}. */
    public long of(String path) {
        LongAdder count = counts.get(path);
        return count == null ? 0 : count.sum();
    }

    /** The names of all headers that any request had. */
    public Set<String> headers() {
        return headers;
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
