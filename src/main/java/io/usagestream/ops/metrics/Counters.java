package io.usagestream.ops.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A family of counters of one name and one set of label names. */
final class Counters {
    private final MeterRegistry registry;
    private final String name;
    private final String description;
    private final String[] labels;
    private final Map<String, Counter> byLabels = new ConcurrentHashMap<>();

    Counters(MeterRegistry registry, String name, String description, String... labels) {
        this.registry = registry;
        this.name = name;
        this.description = description;
        this.labels = labels;
    }

    void add(double amount, String... values) {
        // a counter that exists from the first look on has a rate when it first counts
        byLabels.computeIfAbsent(String.join("\n", values), key -> counter(values))
                .increment(amount);
    }

    private Counter counter(String... values) {
        Tags tags = Tags.empty();
        for (int i = 0; i < labels.length; i++) {
            tags = tags.and(labels[i], values[i]);
        }
        return Counter.builder(name).description(description).tags(tags).register(registry);
    }
}
