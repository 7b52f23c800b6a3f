package io.usagestream.sink.kafka;

import static io.usagestream.sink.kafka.TopicProblem.refused;
import static io.usagestream.sink.kafka.TopicProblem.warning;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.acl.AclOperation;

/** Compares a topic with its plan. */
final class TopicCheck {
    private static final int REPLICAS = 3;
    private static final int IN_SYNC = 2;

    private final Commands commands;
    private final int brokers;

    TopicCheck(Commands commands, int brokers) {
        this.commands = commands;
        this.brokers = brokers;
    }

    List<TopicProblem> check(TopicPlan plan, TopicDescription found, Config config) {
        List<TopicProblem> problems = new ArrayList<>();
        if (plan.suffix().equals(TopicPlan.CHECKPOINTS) && found.partitions().size() != plan.partitions()) {
            problems.add(refused(
                    found.name() + " has " + found.partitions().size() + " partitions, but topics.lanes is "
                            + plan.partitions() + " (lanes_changed): the number of lanes cannot change once it is"
                            + " created",
                    "topics: {lanes: " + found.partitions().size() + "}"));
        }
        plan.policies().forEach((name, value) -> policy(found.name(), name, value, value(config, name), problems));
        replication(found, config, problems);
        permissions(plan, found, problems);
        return problems;
    }

    private void policy(String topic, String name, String planned, String found, List<TopicProblem> problems) {
        String what = topic + ": " + name + " is " + found + ", not " + planned;
        String command = commands.alter(topic, name, planned);
        switch (name) {
            case TopicPlan.CLEANUP -> {
                if (!words(found).equals(words(planned))) {
                    problems.add(refused(what + ": records would be lost", command));
                }
            }
            case TopicPlan.TIMESTAMP_TYPE -> {
                if (!found.equals(planned)) {
                    problems.add(refused(what, command));
                }
            }
            case TopicPlan.COMPACTION_LAG -> {
                if (number(found) < number(planned)) {
                    problems.add(refused(what + ": revisions would be lost too early", command));
                }
            }
            case TopicPlan.RETENTION -> {
                if (number(found) >= 0 && number(found) < number(planned)) {
                    problems.add(warning(what, command));
                }
            }
            default -> {
                if (number(found) > number(planned)) {
                    problems.add(warning(what + ": restoring takes longer", command));
                }
            }
        }
    }

    private void replication(TopicDescription found, Config config, List<TopicProblem> problems) {
        if (brokers < REPLICAS) {
            return;
        }
        int replicas = found.partitions().stream()
                .mapToInt(p -> p.replicas().size())
                .min()
                .orElse(0);
        if (replicas < REPLICAS) {
            problems.add(warning(
                    found.name() + " has " + replicas + " replicas on a cluster of " + brokers
                            + " brokers: one that dies may take acknowledged records along",
                    commands.reassign(found.name())));
        } else if (number(value(config, "min.insync.replicas")) < IN_SYNC) {
            problems.add(warning(
                    found.name() + ": min.insync.replicas is " + value(config, "min.insync.replicas"),
                    commands.alter(found.name(), "min.insync.replicas", "2")));
        }
        if (value(config, "unclean.leader.election.enable").equals("true")) {
            problems.add(warning(
                    found.name() + ": unclean.leader.election.enable may lose acknowledged records",
                    commands.alter(found.name(), "unclean.leader.election.enable", "false")));
        }
    }

    /** Brokers without an authorizer allow everything; those that do not say what they allow are believed. */
    private void permissions(TopicPlan plan, TopicDescription found, List<TopicProblem> problems) {
        if (found.authorizedOperations() == null || found.authorizedOperations().isEmpty()) {
            return;
        }
        Set<AclOperation> needed =
                plan.suffix().equals("quarantine") || plan.suffix().equals("periods")
                        ? Set.of(AclOperation.WRITE)
                        : Set.of(AclOperation.WRITE, AclOperation.READ);
        Set<String> missing = needed.stream()
                .filter(operation -> !found.authorizedOperations().contains(operation))
                .map(AclOperation::name)
                .collect(Collectors.toCollection(TreeSet::new));
        if (!missing.isEmpty()) {
            problems.add(refused(
                    found.name() + ": not authorized to " + String.join(", ", missing),
                    commands.allow(found.name(), missing)));
        }
    }

    private static String value(Config config, String name) {
        ConfigEntry entry = config.get(name);
        return entry == null || entry.value() == null ? "" : entry.value();
    }

    private static long number(String text) {
        return text.matches("-?\\d{1,18}") ? Long.parseLong(text) : text.isEmpty() ? -1 : Long.MAX_VALUE;
    }

    private static Set<String> words(String policy) {
        return Arrays.stream(policy.split(",")).map(String::trim).collect(Collectors.toSet());
    }

    /** Kafka's own commands, for a person to run. */
    record Commands(String bootstrapServers) {
        String alter(String topic, String name, String value) {
            String bracketed = value.contains(",") ? "[" + value + "]" : value;
            return "kafka-configs.sh --bootstrap-server " + bootstrapServers
                    + " --alter --entity-type topics --entity-name " + topic + " --add-config " + name + "="
                    + bracketed;
        }

        String create(String topic, TopicPlan plan, TopicSettings settings) {
            StringBuilder command = new StringBuilder(
                    "kafka-topics.sh --bootstrap-server " + bootstrapServers + " --create --topic " + topic);
            if (plan.partitions() > 0) {
                command.append(" --partitions ").append(plan.partitions());
            }
            if (settings.replicationFactor() > 0) {
                command.append(" --replication-factor ").append(settings.replicationFactor());
            }
            plan.policies()
                    .forEach((name, value) -> command.append(" --config ")
                            .append(name)
                            .append('=')
                            .append(value));
            return command.toString();
        }

        String reassign(String topic) {
            return "kafka-reassign-partitions.sh --bootstrap-server " + bootstrapServers
                    + " --reassignment-json-file FILE --execute (three replicas for every partition of " + topic + ")";
        }

        String allow(String topic, Set<String> operations) {
            StringBuilder command = new StringBuilder("kafka-acls.sh --bootstrap-server " + bootstrapServers
                    + " --add --allow-principal User:NAME --topic " + topic);
            operations.forEach(o -> command.append(" --operation ").append(o));
            return command.toString();
        }

        String feature(String name, int level) {
            return "kafka-features.sh --bootstrap-server " + bootstrapServers + " upgrade --feature " + name + "="
                    + level;
        }
    }
}
