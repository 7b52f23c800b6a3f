package io.usagestream.sink.kafka;

import static io.usagestream.sink.kafka.TopicProblem.refused;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** The topics of a prefix: created where that is allowed, and verified with the brokers at every start. */
public final class Topics {
    /** How long the activity topic keeps events, unless it was made otherwise. */
    public static final Duration ACTIVITY_RETENTION = Duration.ofDays(90);

    private static final long BOUND_SECONDS = 30;

    private final Vertx vertx;
    private final KafkaSettings kafka;
    private final TopicSettings settings;
    private final Commands commands;
    private final PermissionCheck permissions;

    public Topics(Vertx vertx, KafkaSettings kafka, TopicSettings settings) {
        this.vertx = vertx;
        this.kafka = kafka;
        this.settings = settings;
        this.commands = Commands.of(kafka.client());
        this.permissions = new PermissionCheck(kafka, commands);
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
        try {
            Admin admin = Admin.create(ClientProperties.admin(kafka));
            try {
                return question.ask(admin);
            } finally {
                admin.close(Duration.ofSeconds(1));
            }
        } catch (ExecutionException | KafkaException e) {
            Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
            String silence = new Refusals(kafka)
                    .ofSilence(cause)
                    .map(where -> ", " + where)
                    .orElse("");
            throw new Failures(kafka).ofStep("topics could not be verified at " + commands.brokers() + silence, cause);
        }
    }

    /**
     * The topics of some plans.
     *
     * @param hidden names of those that may not be described: they may be there or not
     */
    private record Described(Map<String, TopicDescription> found, Set<String> hidden) {
        boolean knows(String topic) {
            return found.containsKey(topic) || hidden.contains(topic);
        }
    }

    private Findings find(Admin admin, boolean create, boolean withState) throws ExecutionException {
        List<TopicPlan> plans = TopicPlan.all(kafka.lanes(), settings);
        Collection<Node> brokers = get(admin.describeCluster().nodes());
        Described described = describe(admin, plans);
        Map<String, TopicDescription> found = described.found();
        List<TopicProblem> problems = new ArrayList<>(permissions.topics(admin, plans, found, described.hidden()));
        problems.addAll(permissions.groupAndTransactions(admin));
        boolean allowed = problems.isEmpty();
        List<TopicPlan> missing = plans.stream()
                .filter(plan -> !described.knows(kafka.topic(plan.suffix())))
                .toList();
        Optional<TopicProblem> lost =
                withState && allowed ? new StateCheck(kafka, admin).check(found.keySet()) : Optional.empty();
        if (lost.isPresent()) {
            problems.add(lost.get());
        } else if (create && allowed && !missing.isEmpty()) {
            create(admin, missing, problems);
            Described created = describe(admin, missing);
            found.putAll(created.found());
            problems.addAll(permissions.topics(admin, missing, found, created.hidden()));
        } else if (!settings.create()) { // else the next start creates them
            missing.forEach(plan -> problems.add(absent(plan, "is missing")));
        }
        Map<String, Config> configs = configs(admin, found.keySet(), problems);
        TopicCheck check = new TopicCheck(commands, brokers.size());
        RecordSizeCheck sizes = new RecordSizeCheck(commands, ClientProperties.largestRecord(kafka));
        sizes.client().ifPresent(problems::add);
        for (TopicPlan plan : plans) {
            String topic = kafka.topic(plan.suffix());
            if (found.get(topic) != null && configs.get(topic) != null) {
                problems.addAll(check.check(plan, found.get(topic), configs.get(topic)));
                sizes.topic(plan, topic, configs.get(topic)).ifPresent(problems::add);
            }
        }
        BrokerCheck brokerCheck = new BrokerCheck(kafka, settings, commands, admin);
        brokerCheck.transactionTimeout(brokers).ifPresent(problems::add);
        int version = brokerCheck.transactionVersion();
        brokerCheck.oldTransactions(version).ifPresent(problems::add);
        return new Findings(List.copyOf(problems), version);
    }

    private Described describe(Admin admin, List<TopicPlan> plans) throws ExecutionException {
        Described described = new Described(new HashMap<>(), new HashSet<>());
        List<String> names =
                plans.stream().map(plan -> kafka.topic(plan.suffix())).toList();
        for (var answer : admin.describeTopics(names, new DescribeTopicsOptions().includeAuthorizedOperations(true))
                .topicNameValues()
                .entrySet()) {
            try {
                described.found().put(answer.getKey(), get(answer.getValue()));
            } catch (ExecutionException e) {
                if (e.getCause() instanceof TopicAuthorizationException) {
                    described.hidden().add(answer.getKey());
                } else if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw e;
                }
            }
        }
        return described;
    }

    private void create(Admin admin, List<TopicPlan> missing, List<TopicProblem> problems) throws ExecutionException {
        Map<String, KafkaFuture<Void>> answers =
                admin.createTopics(missing.stream().map(this::topic).toList()).values();
        List<String> created = new ArrayList<>();
        for (TopicPlan plan : missing) {
            String topic = kafka.topic(plan.suffix());
            try {
                get(answers.getOrDefault(topic, KafkaFuture.completedFuture(null)));
                created.add(topic);
            } catch (ExecutionException e) {
                if (e.getCause() instanceof AuthorizationException) {
                    problems.add(absent(plan, "is missing and may not be created by this user"));
                } else if (e.getCause() instanceof TopicExistsException) { // another instance was faster
                    created.add(topic);
                } else {
                    throw e;
                }
            }
        }
        awaitEverywhere(admin, created);
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

    /** Of topics whose configuration may be seen; that it may not is told unless it has been. */
    private Map<String, Config> configs(Admin admin, Collection<String> topics, List<TopicProblem> problems)
            throws ExecutionException {
        Map<String, Config> configs = new HashMap<>();
        for (var answer : admin.describeConfigs(topics.stream()
                        .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                        .toList())
                .values()
                .entrySet()) {
            String topic = answer.getKey().name();
            try {
                configs.put(topic, get(answer.getValue()));
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof AuthorizationException)) {
                    throw e;
                } else if (problems.isEmpty()) {
                    problems.add(permissions.problem(Permission.topic(AclOperation.DESCRIBE_CONFIGS, topic)));
                }
            }
        }
        return configs;
    }

    /** The answer, within a bound. */
    static <T> T get(KafkaFuture<T> future) throws ExecutionException {
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
