package io.usagestream.config;

import java.util.Map;
import java.util.TreeMap;

/** Properties of the Kafka clients, as configured. Some hold passwords: they cannot print their values. */
public record KafkaProperties(Map<String, String> values) {
    /** The property without which nothing goes. */
    public static final String BOOTSTRAP = "bootstrap.servers";

    public KafkaProperties {
        values = Map.copyOf(values);
    }

    @Override
    public String toString() {
        return "KafkaProperties" + new TreeMap<>(values).keySet();
    }
}
