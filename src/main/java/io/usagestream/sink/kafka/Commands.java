package io.usagestream.sink.kafka;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.resource.PatternType;

/**
 * Kafka's own commands, for a person to run.
 *
 * @param brokers as in {@code bootstrap.servers}
 * @param user whom permissions are granted to
 * @param secured whether the tools need a file of client properties of their own
 */
record Commands(String brokers, String user, boolean secured) {
    private static final Pattern USERNAME = Pattern.compile("\\busername\\s*=\\s*(?:\"([^\"]+)\"|([^\\s\";]+))");

    /** Commands for the brokers and the user of these properties; a user that they do not name is {@code NAME}. */
    static Commands of(Map<String, String> client) {
        Matcher username = USERNAME.matcher(client.getOrDefault(SaslConfigs.SASL_JAAS_CONFIG, ""));
        String user = !username.find() ? "NAME" : username.group(1) != null ? username.group(1) : username.group(2);
        return new Commands(
                client.getOrDefault(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, "HOST:PORT"),
                user,
                !client.getOrDefault(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, "PLAINTEXT")
                        .equals("PLAINTEXT"));
    }

    String alter(String topic, String name, String value) {
        String bracketed = value.contains(",") ? "[" + value + "]" : value;
        return tool("kafka-configs.sh") + " --alter --entity-type topics --entity-name " + topic + " --add-config "
                + name + "=" + bracketed;
    }

    String create(String topic, TopicPlan plan, TopicSettings settings) {
        StringBuilder command = new StringBuilder(tool("kafka-topics.sh") + " --create --topic " + topic);
        if (plan.partitions() > 0) {
            command.append(" --partitions ").append(plan.partitions());
        }
        if (settings.replicationFactor() > 0) {
            command.append(" --replication-factor ").append(settings.replicationFactor());
        }
        plan.policies()
                .forEach((name, value) ->
                        command.append(" --config ").append(name).append('=').append(value));
        return command.toString();
    }

    String reassign(String topic) {
        return tool("kafka-reassign-partitions.sh")
                + " --reassignment-json-file FILE --execute (three replicas for every partition of " + topic + ")";
    }

    String allow(Permission permission) {
        String resource = switch (permission.resource()) {
            case TOPIC -> "--topic " + permission.name();
            case GROUP -> "--group " + permission.name();
            case TRANSACTIONAL_ID -> "--transactional-id " + permission.name();
            default -> "--cluster";
        };
        return tool("kafka-acls.sh") + " --add --allow-principal User:" + user + " --operation " + permission.verb()
                + " " + resource
                + (permission.pattern() == PatternType.PREFIXED ? " --resource-pattern-type prefixed" : "");
    }

    String feature(String name, int level) {
        return tool("kafka-features.sh") + " upgrade --feature " + name + "=" + level;
    }

    /** Lists transactions that nobody will end on any partition of a topic. */
    String findHanging(String topic) {
        return tool("kafka-transactions.sh") + " find-hanging --topic " + topic;
    }

    /** The same for one partition. */
    String findHanging(TopicPartition partition) {
        return findHanging(partition.topic()) + " --partition " + partition.partition();
    }

    private String tool(String name) {
        return name + " --bootstrap-server " + brokers + (secured ? " --command-config admin.properties" : "");
    }
}
