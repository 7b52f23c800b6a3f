package io.usagestream.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * Reads the properties of the Kafka clients. Plug-ins bring properties of their own, so an unknown one passes, unless it looks like
 * a known one misspelt.
 */
record KafkaReader(Map<String, String> environment) {
    KafkaProperties read(Section root) {
        Section section = root.section("kafka");
        Map<String, String> properties = new LinkedHashMap<>(section.properties());
        Set<String> known = known();
        for (String name : properties.keySet()) {
            if (!known.contains(name)) {
                Suggestion.nearest(name.replace('-', '.'), known)
                        .filter(near -> Suggestion.distance(name.replace('-', '.'), near) <= 2)
                        .ifPresent(near -> section.problem(
                                name, "is not a property of the Kafka clients; did you mean \"" + near + "\"?"));
            }
        }
        String brokers = environment.getOrDefault(EnvironmentStart.BROKERS, "");
        if (!brokers.isBlank()) {
            properties.putIfAbsent(KafkaProperties.BOOTSTRAP, brokers);
        }
        if (properties.getOrDefault(KafkaProperties.BOOTSTRAP, "").isBlank()
                && !section.has(KafkaProperties.BOOTSTRAP)) {
            section.problem(
                    KafkaProperties.BOOTSTRAP,
                    "is missing: set it, or the environment variable " + EnvironmentStart.BROKERS
                            + ", to host:port of a broker");
        }
        return new KafkaProperties(properties);
    }

    private static Set<String> known() {
        Set<String> known = new TreeSet<>(ProducerConfig.configNames());
        known.addAll(ConsumerConfig.configNames());
        known.addAll(AdminClientConfig.configNames());
        return known;
    }
}
