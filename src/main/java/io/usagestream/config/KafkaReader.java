package io.usagestream.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/**
 * Reads the properties of the Kafka clients. Plug-ins bring properties of their own, so an unknown one passes, unless it looks like
 * a known one misspelt.
 */
record KafkaReader(Map<String, String> environment) {
    KafkaProperties read(Section root) {
        Section section = root.section("kafka");
        Map<String, String> properties = new LinkedHashMap<>(section.properties());
        Map<String, ConfigDef.ConfigKey> known = known();
        for (String name : properties.keySet()) {
            ConfigDef.ConfigKey key = known.get(name);
            if (key != null) {
                refusal(key, properties.get(name)).ifPresent(why -> section.problem(name, why));
            } else {
                Suggestion.nearest(name.replace('-', '.'), known.keySet())
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

    /** What the clients would say of a value, before any is made. Passwords are not looked at. */
    private static Optional<String> refusal(ConfigDef.ConfigKey key, String value) {
        if (key.type() == ConfigDef.Type.PASSWORD) {
            return Optional.empty();
        }
        try {
            Object parsed = ConfigDef.parseType(key.name, value, key.type());
            if (key.validator != null) {
                key.validator.ensureValid(key.name, parsed);
            }
            return Optional.empty();
        } catch (ConfigException e) {
            String message = String.valueOf(e.getMessage());
            String where = "configuration " + key.name + ": "; // after "Invalid value … for "
            int at = message.indexOf(where);
            return Optional.of(
                    "is refused by the Kafka clients: " + (at < 0 ? message : message.substring(at + where.length())));
        }
    }

    private static Map<String, ConfigDef.ConfigKey> known() {
        Map<String, ConfigDef.ConfigKey> known = new TreeMap<>();
        for (ConfigDef client :
                List.of(AdminClientConfig.configDef(), ConsumerConfig.configDef(), ProducerConfig.configDef())) {
            known.putAll(client.configKeys());
        }
        return known;
    }
}
