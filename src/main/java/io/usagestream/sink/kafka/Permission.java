package io.usagestream.sink.kafka;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;

/**
 * An operation on a resource of the brokers that this service must be allowed.
 *
 * @param pattern whether it is about the resource of that name, or about all whose names begin so
 */
record Permission(AclOperation operation, ResourceType resource, String name, PatternType pattern) {
    private static final String CLUSTER = "kafka-cluster";

    static Permission topic(AclOperation operation, String name) {
        return new Permission(operation, ResourceType.TOPIC, name, PatternType.LITERAL);
    }

    /** The same for all topics of the prefix. */
    static Permission topics(AclOperation operation, KafkaSettings settings) {
        return new Permission(operation, ResourceType.TOPIC, settings.topic(""), PatternType.PREFIXED);
    }

    /** On the group that shares out lanes: to see who is a member, or to be one. */
    static Permission group(AclOperation operation, KafkaSettings settings) {
        return new Permission(operation, ResourceType.GROUP, settings.prefix(), PatternType.LITERAL);
    }

    /** To commit to lanes. */
    static Permission transactions(KafkaSettings settings) {
        return new Permission(
                AclOperation.WRITE, ResourceType.TRANSACTIONAL_ID, settings.transactionalIds(), PatternType.PREFIXED);
    }

    static Permission cluster(AclOperation operation) {
        return new Permission(operation, ResourceType.CLUSTER, CLUSTER, PatternType.LITERAL);
    }

    /** The operation as Kafka's commands write it: {@code DescribeConfigs}. */
    String verb() {
        return Arrays.stream(operation.name().split("_"))
                .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining());
    }

    /** That it is missing. */
    String missing() {
        String kind = resource.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return "not authorized to " + verb() + " on "
                + (pattern == PatternType.PREFIXED ? "every " + kind + " " + name + "*" : kind + " " + name);
    }
}
