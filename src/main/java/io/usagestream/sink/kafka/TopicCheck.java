package io.usagestream.sink.kafka;

import static io.usagestream.sink.kafka.TopicProblem.refused;
import static io.usagestream.sink.kafka.TopicProblem.warning;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;

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
            case TopicPlan.RETENTION_BYTES -> {
                if (number(found) >= 0) {
                    problems.add(warning(what + ": records are deleted before their time", command));
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
}
