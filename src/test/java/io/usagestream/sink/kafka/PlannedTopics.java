package io.usagestream.sink.kafka;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What is set on each topic at its creation, for the documents that say so. */
public final class PlannedTopics {
    private PlannedTopics() {}

    /** Topic configuration by the last word of the topic's name, with the defaults. */
    public static SortedMap<String, Map<String, String>> all() {
        SortedMap<String, Map<String, String>> all = new TreeMap<>();
        TopicPlan.all(8, new TopicSettings(true, 8, -1, -1, Optional.empty(), false))
                .forEach(plan -> all.put(plan.suffix(), new TreeMap<>(plan.policies())));
        return all;
    }
}
