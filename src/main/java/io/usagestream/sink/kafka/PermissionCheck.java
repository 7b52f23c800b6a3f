package io.usagestream.sink.kafka;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/**
 * What this service is not allowed although it needs it. Only questions are asked: where brokers tell less than they would enforce
 * (a transactional id that may be described but not written), the lane finds out when it opens.
 */
final class PermissionCheck {
    /** On every topic: what is written is read back, by the lane, by the console or when an old day is restated. */
    private static final List<AclOperation> NEEDED =
            List.of(AclOperation.DESCRIBE_CONFIGS, AclOperation.READ, AclOperation.WRITE);

    private final KafkaSettings kafka;
    private final Commands commands;

    PermissionCheck(KafkaSettings kafka, Commands commands) {
        this.kafka = kafka;
        this.commands = commands;
    }

    /**
     * What is missing on topics; one problem where it is missing on all of them.
     *
     * @param hidden topics that may not even be described
     */
    List<TopicProblem> topics(
            Admin admin, Collection<TopicPlan> plans, Map<String, TopicDescription> found, Set<String> hidden)
            throws ExecutionException {
        Set<String> closed = closed(admin, hidden);
        Map<AclOperation, List<String>> missing = new EnumMap<>(AclOperation.class);
        for (TopicPlan plan : plans) {
            String topic = kafka.topic(plan.suffix());
            for (AclOperation operation : NEEDED) {
                Set<String> refused = operation == AclOperation.DESCRIBE_CONFIGS ? closed : hidden;
                if (refused.contains(topic) || denied(Optional.ofNullable(found.get(topic)), operation)) {
                    missing.computeIfAbsent(operation, o -> new ArrayList<>()).add(topic);
                }
            }
        }
        List<TopicProblem> problems = new ArrayList<>();
        missing.forEach((operation, topics) -> {
            if (topics.size() > 1 && topics.size() == plans.size()) {
                problems.add(problem(Permission.topics(operation, kafka)));
            } else {
                topics.forEach(topic -> problems.add(problem(Permission.topic(operation, topic))));
            }
        });
        return problems;
    }

    /** Whether the group may be joined, and every lane's transactional id used. */
    List<TopicProblem> groupAndTransactions(Admin admin) throws ExecutionException {
        List<TopicProblem> problems = new ArrayList<>();
        if (!membership(admin)) {
            problems.add(problem(Permission.group(AclOperation.READ, kafka)));
        }
        if (!transactions(admin)) {
            problems.add(problem(Permission.transactions(kafka)));
        }
        return problems;
    }

    TopicProblem problem(Permission permission) {
        return TopicProblem.refused(permission.missing(), commands.allow(permission));
    }

    /** Those of the topics whose configuration may not be seen: that is a permission apart from being described. */
    private static Set<String> closed(Admin admin, Set<String> hidden) throws ExecutionException {
        Set<String> closed = new HashSet<>();
        for (var answer : admin.describeConfigs(hidden.stream()
                        .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                        .toList())
                .values()
                .entrySet()) {
            try {
                Topics.get(answer.getValue());
            } catch (ExecutionException e) {
                if (e.getCause() instanceof AuthorizationException) {
                    closed.add(answer.getKey().name());
                } else if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw e;
                }
            }
        }
        return closed;
    }

    /** Brokers that do not say what they allow are believed. */
    private static boolean denied(Optional<TopicDescription> topic, AclOperation operation) {
        return topic.map(TopicDescription::authorizedOperations)
                .filter(allowed -> !allowed.isEmpty() && !allowed.contains(operation))
                .isPresent();
    }

    private boolean membership(Admin admin) throws ExecutionException {
        var asked = admin.describeConsumerGroups(
                List.of(kafka.prefix()), new DescribeConsumerGroupsOptions().includeAuthorizedOperations(true));
        try {
            Set<AclOperation> allowed =
                    Topics.get(asked.all()).values().iterator().next().authorizedOperations();
            return allowed == null || allowed.isEmpty() || allowed.contains(AclOperation.READ);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return true;
            } else if (e.getCause() instanceof GroupAuthorizationException) {
                return false;
            }
            throw e;
        }
    }

    private boolean transactions(Admin admin) throws ExecutionException {
        List<String> ids = IntStream.range(0, kafka.lanes())
                .mapToObj(kafka::transactionalId)
                .toList();
        var asked = admin.describeTransactions(ids);
        for (String id : ids) {
            try {
                Topics.get(asked.description(id));
            } catch (ExecutionException e) {
                if (e.getCause() instanceof TransactionalIdAuthorizationException) {
                    return false;
                } else if (!(e.getCause() instanceof TransactionalIdNotFoundException)
                        && !(e.getCause() instanceof UnsupportedVersionException)) {
                    throw e;
                }
            }
        }
        return true;
    }
}
