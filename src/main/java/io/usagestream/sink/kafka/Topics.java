package io.usagestream.sink.kafka;

import static io.usagestream.sink.kafka.TopicProblem.refused;
import static io.usagestream.sink.kafka.TopicProblem.warning;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** The topics of a prefix: created where that is allowed, and verified with the brokers at every start. */
public final class Topics {
    private static final String TRANSACTION_VERSION = "transaction.version";
    private static final int VERIFIED_TRANSACTIONS = 2;
    private static final long BOUND_SECONDS = 30;

    private final Vertx vertx;
    private final KafkaSettings kafka;
    private final TopicSettings settings;
    private final TopicCheck.Commands commands;

    public Topics(Vertx vertx, KafkaSettings kafka, TopicSettings settings) {
        this.vertx = vertx;
        this.kafka = kafka;
        this.settings = settings;
        this.commands = new TopicCheck.Commands(
                kafka.client().getOrDefault(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, "HOST:PORT"));
    }

    /**
     * What is wrong with topics and brokers.
     *
     * @param transactionVersion the brokers' level of transaction.version; 0 when they have none
     */
    public record Findings(List<TopicProblem> problems, int transactionVersion) {
        /** Whether the service must not start. */
        public boolean refused() {
            return problems.stream().anyMatch(p -> p.severity() == TopicProblem.Severity.REFUSED);
        }
    }

    /** Creates what is missing where that is allowed, then verifies; fails when Kafka cannot be reached. */
    public Future<Findings> prepare() {
        return vertx.executeBlocking(() -> with(admin -> find(admin, settings.create(), true)), false);
    }

    /** As {@link #prepare}, but a lost state is no hindrance: it is about to be rebuilt. */
    public Future<Findings> prepareForRecovery() {
        return vertx.executeBlocking(() -> with(admin -> find(admin, settings.create(), false)), false);
    }

    /** Verifies only. */
    public Future<Findings> verify() {
        return vertx.executeBlocking(() -> with(admin -> find(admin, false, true)), false);
    }

    private interface Question {
        Findings ask(Admin admin) throws ExecutionException;
    }

    private Findings with(Question question) {
        Admin admin = Admin.create(ClientProperties.admin(kafka));
        try {
            return question.ask(admin);
        } catch (ExecutionException e) {
            throw Failures.beforeCommit(
                    "topics could not be verified at " + commands.bootstrapServers(),
                    e.getCause() == null ? e : e.getCause());
        } finally {
            admin.close(Duration.ofSeconds(1));
        }
    }

    private Findings find(Admin admin, boolean create, boolean withState) throws ExecutionException {
        List<TopicPlan> plans = TopicPlan.all(kafka.lanes(), settings);
        Collection<Node> brokers = get(admin.describeCluster().nodes());
        List<TopicProblem> problems = new ArrayList<>();
        Map<String, TopicDescription> found = describe(admin, plans);
        List<TopicPlan> missing = plans.stream()
                .filter(plan -> !found.containsKey(kafka.topic(plan.suffix())))
                .toList();
        Optional<TopicProblem> lost = withState ? new StateCheck(kafka, admin).check(found.keySet()) : Optional.empty();
        if (lost.isPresent()) {
            problems.add(lost.get());
        } else if (create && !missing.isEmpty()) {
            create(admin, missing, problems);
            found.putAll(describe(admin, missing));
        } else if (!settings.create()) { // else the next start creates them
            missing.forEach(plan -> problems.add(absent(plan, "is missing")));
        }
        Map<ConfigResource, Config> configs = configs(admin, found.keySet());
        TopicCheck check = new TopicCheck(commands, brokers.size());
        for (TopicPlan plan : plans) {
            String topic = kafka.topic(plan.suffix());
            Config config = configs.get(new ConfigResource(ConfigResource.Type.TOPIC, topic));
            if (found.get(topic) != null && config != null) {
                problems.addAll(check.check(plan, found.get(topic), config));
            }
        }
        transactionTimeout(admin, brokers).ifPresent(problems::add);
        int version = transactionVersion(admin);
        oldTransactions(version).ifPresent(problems::add);
        return new Findings(List.copyOf(problems), version);
    }

    private Map<String, TopicDescription> describe(Admin admin, List<TopicPlan> plans) throws ExecutionException {
        Map<String, TopicDescription> found = new HashMap<>();
        List<String> names =
                plans.stream().map(plan -> kafka.topic(plan.suffix())).toList();
        for (var described : admin.describeTopics(names, new DescribeTopicsOptions().includeAuthorizedOperations(true))
                .topicNameValues()
                .entrySet()) {
            try {
                found.put(described.getKey(), get(described.getValue()));
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw e;
                }
            }
        }
        return found;
    }

    private void create(Admin admin, List<TopicPlan> missing, List<TopicProblem> problems) throws ExecutionException {
        Map<String, KafkaFuture<Void>> created =
                admin.createTopics(missing.stream().map(this::topic).toList()).values();
        for (TopicPlan plan : missing) {
            KafkaFuture<Void> answer = created.get(kafka.topic(plan.suffix()));
            try {
                if (answer != null) {
                    get(answer);
                }
            } catch (ExecutionException e) {
                if (e.getCause() instanceof AuthorizationException) {
                    problems.add(absent(plan, "is missing and may not be created by this user"));
                } else if (!(e.getCause() instanceof TopicExistsException)) { // another instance was faster
                    throw e;
                }
            }
        }
        awaitEverywhere(admin, created.keySet());
    }

    /** Brokers hear of new topics one after the other: a topic just created may be unknown for a moment. */
    private void awaitEverywhere(Admin admin, Collection<String> topics) throws ExecutionException {
        for (int attempt = 0; attempt < 100; attempt++) {
            boolean all = true;
            for (var described : admin.describeTopics(topics).topicNameValues().values()) {
                try {
                    all &= get(described).partitions().stream().allMatch(p -> p.leader() != null);
                } catch (ExecutionException e) {
                    all = false;
                }
            }
            if (all) {
                return;
            }
            pause();
        }
    }

    private NewTopic topic(TopicPlan plan) {
        Map<String, String> policies = new HashMap<>(plan.policies());
        if (settings.minInsyncReplicas() > 0) {
            policies.put("min.insync.replicas", Integer.toString(settings.minInsyncReplicas()));
        }
        Optional<Integer> partitions = Optional.of(plan.partitions()).filter(n -> n > 0);
        Optional<Short> replicas =
                Optional.of((short) settings.replicationFactor()).filter(n -> n > 0);
        return new NewTopic(kafka.topic(plan.suffix()), partitions, replicas).configs(policies);
    }

    private TopicProblem absent(TopicPlan plan, String what) {
        String topic = kafka.topic(plan.suffix());
        return refused(topic + " " + what, commands.create(topic, plan, settings));
    }

    private Map<ConfigResource, Config> configs(Admin admin, Collection<String> topics) throws ExecutionException {
        return get(admin.describeConfigs(topics.stream()
                        .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                        .toList())
                .all());
    }

    /** Brokers refuse transactions that may last longer than they allow. Who may not ask is not told. */
    private Optional<TopicProblem> transactionTimeout(Admin admin, Collection<Node> brokers) throws ExecutionException {
        long wanted = Long.parseLong(
                ClientProperties.producer(kafka, 0).getOrDefault(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, "60000"));
        try {
            ConfigResource broker = new ConfigResource(
                    ConfigResource.Type.BROKER, brokers.iterator().next().idString());
            return Optional.ofNullable(
                            get(admin.describeConfigs(List.of(broker)).all()).get(broker))
                    .map(config -> config.get("transaction.max.timeout.ms"))
                    .map(entry -> Long.parseLong(entry.value()))
                    .filter(allowed -> allowed < wanted)
                    .map(allowed -> refused(
                            "transaction.timeout.ms is " + wanted + ", the brokers allow at most " + allowed
                                    + " (transaction.max.timeout.ms)",
                            "kafka: {transaction.timeout.ms: " + allowed + "}"));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AuthorizationException) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static int transactionVersion(Admin admin) throws ExecutionException {
        var level = get(admin.describeFeatures().featureMetadata())
                .finalizedFeatures()
                .get(TRANSACTION_VERSION);
        return level == null ? 0 : level.maxVersionLevel();
    }

    private Optional<TopicProblem> oldTransactions(int version) {
        if (version >= VERIFIED_TRANSACTIONS) {
            return Optional.empty();
        }
        String what = "the brokers run transaction.version " + version
                + ": a late message of a dead instance may slip into its successor's transaction (KIP-890)";
        String command = commands.feature(TRANSACTION_VERSION, VERIFIED_TRANSACTIONS);
        return Optional.of(settings.refuseOldTransactions() ? refused(what, command) : warning(what, command));
    }

    private static <T> T get(KafkaFuture<T> future) throws ExecutionException {
        try {
            return future.get(BOUND_SECONDS, TimeUnit.SECONDS);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new ExecutionException(
                    new org.apache.kafka.common.errors.TimeoutException("no answer within " + BOUND_SECONDS + " s"));
        } catch (InterruptedException e) {
            throw new org.apache.kafka.common.errors.InterruptException(e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            throw new org.apache.kafka.common.errors.InterruptException(e);
        }
    }
}
