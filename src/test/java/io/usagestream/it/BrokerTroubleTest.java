package io.usagestream.it;

import static io.usagestream.contract.Samples.batch;
import static io.usagestream.contract.Samples.checkpoint;
import static io.usagestream.contract.Waiting.await;
import static io.usagestream.contract.Waiting.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.contract.Samples;
import io.usagestream.dev.broker.BrokerSettings;
import io.usagestream.dev.broker.EmbeddedKafka;
import io.usagestream.sink.LaneNumber;
import io.usagestream.sink.LaneSession;
import io.usagestream.sink.SinkFailure;
import io.usagestream.sink.kafka.KafkaLaneLog;
import io.usagestream.sink.kafka.KafkaSettings;
import io.usagestream.sink.kafka.TopicProblem;
import io.usagestream.sink.kafka.TopicSettings;
import io.usagestream.sink.kafka.Topics;
import io.usagestream.sink.kafka.TraceHeaders;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Split;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.quota.ClientQuotaFilter;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Brokers that are there and yet do not do what they should: each time a lane goes on afterwards with what is true. */
@Tag("chaos")
class BrokerTroubleTest {
    private static final Split SPLIT = Samples.split("acme", "completions");
    private static final int BULK = 12;
    private static final Duration FORGOTTEN = Duration.ofSeconds(6);

    private static KafkaProxy proxy;
    private static EmbeddedKafka kafka;
    private static Admin admin;
    private static Vertx vertx;
    private static int prefixes;

    private KafkaSettings settings;
    private KafkaLaneLog log;

    @BeforeAll
    static void start() throws IOException {
        proxy = new KafkaProxy();
        kafka = EmbeddedKafka.start(BrokerSettings.SINGLE
                .with("advertised.listeners", "PLAINTEXT://127.0.0.1:" + proxy.port())
                .with("transaction.abort.timed.out.transaction.cleanup.interval.ms", "200")
                .with("transactional.id.expiration.ms", String.valueOf(FORGOTTEN.toMillis()))
                .with("transaction.remove.expired.transaction.cleanup.interval.ms", "500"));
        proxy.target(Integer.parseInt(kafka.bootstrapServers().replaceAll(".*:", "")));
        admin = Admin.create(Map.of("bootstrap.servers", "127.0.0.1:" + proxy.port()));
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stop() throws IOException {
        admin.close();
        await(vertx.close());
        kafka.close();
        proxy.close();
    }

    @BeforeEach
    void open() {
        settings = settings("trouble" + prefixes++, Map.of());
        await(new Topics(vertx, settings, SharedKafka.topics()).prepare());
        log = new KafkaLaneLog(vertx, settings);
    }

    @AfterEach
    void close() {
        proxy.heal();
        await(log.close());
    }

    private static KafkaSettings settings(String prefix, Map<String, String> more) {
        Map<String, String> client = new HashMap<>(Map.of(
                "bootstrap.servers", "127.0.0.1:" + proxy.port(),
                "max.block.ms", "4000",
                "request.timeout.ms", "2000",
                "delivery.timeout.ms", "5000"));
        client.putAll(more);
        return new KafkaSettings(client, prefix, 1, "", Optional.empty(), KafkaSettings.Limits.DEFAULT);
    }

    private LaneSession session() {
        return await(log.open(LaneNumber.of(SPLIT.source(), 1), name -> true));
    }

    private static Future<?> commit(LaneSession session, int step) {
        return session.commit(List.of(batch(SPLIT, step, "m")));
    }

    /** Whatever failed: a lane that is opened again holds the first step, and the second goes through once. */
    private void goesOn(LaneSession failed, int visible) {
        await(failed.close());
        LaneSession again = session();
        assertThat(again.restored().checkpoints()).containsValue(checkpoint(SPLIT, 1));
        await(commit(again, 2));
        await(again.close());
        assertThat(new CommittedRecords(settings).points(SPLIT)).hasSize(visible);
    }

    private static <T> T done(KafkaFuture<T> answer) throws Exception {
        return answer.get(30, TimeUnit.SECONDS);
    }

    @Test
    void a_transaction_that_timed_out_on_the_broker_is_not_there_and_the_step_is_done_again() {
        settings = settings(settings.prefix(), Map.of("transaction.timeout.ms", "5000"));
        await(log.close());
        log = new KafkaLaneLog(vertx, settings);
        LaneSession session = session();
        await(commit(session, 1));
        String id = settings.prefix() + "-lane-0";
        proxy.loseCommits(id, false);
        Future<?> late = commit(session, 2);
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
            TransactionState state = done(admin.describeTransactions(List.of(id))
                            .description(id))
                    .state();
            return state == TransactionState.ONGOING || late.isComplete();
        });
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> done(admin.describeTransactions(List.of(id)).description(id))
                                .state()
                        != TransactionState.ONGOING);
        proxy.heal();
        proxy.cut();
        assertThat(failure(late)).isNotInstanceOf(SinkFailure.Refused.class);
        goesOn(session, 2);
    }

    @Test
    void a_transaction_longer_than_the_brokers_allow_is_refused_with_the_number() {
        KafkaSettings patient = settings(settings.prefix(), Map.of("transaction.timeout.ms", "1000000"));
        KafkaLaneLog other = new KafkaLaneLog(vertx, patient);
        assertThat(failure(other.open(0, name -> true))).isInstanceOfSatisfying(SinkFailure.Refused.class, refused -> {
            assertThat(refused.reason()).isEqualTo(Reason.BAD_REQUEST);
            assertThat(refused.message()).contains("transaction.timeout.ms is 1000000", "transaction.max.timeout.ms");
        });
        await(other.close());
    }

    @Test
    void a_topic_that_was_deleted_is_waited_for_and_no_event_loop_waits_with_it() throws Exception {
        // a producer that still knows the topic is told at once that it is gone; one that has heard of it waits
        settings = settings(settings.prefix(), Map.of("metadata.max.age.ms", "200"));
        await(log.close());
        log = new KafkaLaneLog(vertx, settings);
        LaneSession session = session();
        await(commit(session, 1));
        done(admin.deleteTopics(List.of(settings.topic("points"))).all());
        Awaitility.await().until(() -> !done(admin.listTopics().names()).contains(settings.topic("points")));
        Thread.sleep(1_000);
        AtomicLong longest = new AtomicLong();
        AtomicLong last = new AtomicLong(System.nanoTime());
        long ticks = vertx.setPeriodic(20, id -> {
            long now = System.nanoTime();
            longest.accumulateAndGet(now - last.getAndSet(now), Math::max);
        });
        long began = System.nanoTime();
        assertThat(failure(commit(session, 2))).isInstanceOf(SinkFailure.Aborted.class);
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        vertx.cancelTimer(ticks);
        assertThat(took).as("the send waited max.block.ms").isBetween(Duration.ofSeconds(3), Duration.ofSeconds(20));
        assertThat(Duration.ofNanos(longest.get()))
                .as("between two ticks of an event loop")
                .isLessThan(Duration.ofSeconds(2));
        await(new Topics(vertx, settings, SharedKafka.topics()).prepareForRecovery());
        goesOn(session, 1); // the first went with the topic
    }

    @Test
    void a_quota_makes_commits_slow_and_nothing_else() throws Exception {
        settings = settings(settings.prefix(), Map.of("delivery.timeout.ms", "40000", "max.block.ms", "40000"));
        await(log.close());
        log = new KafkaLaneLog(vertx, settings);
        LaneSession session = session();
        await(commit(session, 1));
        Duration before = bulk(session, 2);
        ClientQuotaEntity owner = new ClientQuotaEntity(Map.of("client-id", settings.prefix() + "-lane-0"));
        quota(owner, Optional.of(12_000.0));
        Awaitility.await()
                .until(() -> !done(admin.describeClientQuotas(ClientQuotaFilter.all())
                                .entities())
                        .isEmpty());
        assertThat(log.throttled()).isZero();
        Duration during = bulk(session, 2 + BULK);
        assertThat(log.throttled()).isBetween(Duration.ofMillis(100), during);
        System.out.println("kafka: a quota of 12 kB/s made " + BULK + " commits take " + during.toMillis()
                + " ms instead of " + before.toMillis() + ", held back for at most "
                + log.throttled().toMillis() + " ms");
        quota(owner, Optional.empty());
        await(session.close());
        assertThat(log.throttled()).as("of lanes that are closed").isZero();
        assertThat(during).as("before the quota it took " + before).isGreaterThan(before.plusSeconds(3));
        assertThat(new CommittedRecords(settings).points(SPLIT)).hasSize(1 + 2 * BULK * 15);
        LaneSession again = session();
        assertThat(again.restored().checkpoints()).containsValue(checkpoint(SPLIT, 1 + 2 * BULK));
        await(again.close());
    }

    @Test
    void partitions_that_are_added_to_a_topic_of_records_are_told_of_once() throws Exception {
        settings = settings(settings.prefix(), Map.of("metadata.max.age.ms", "200"));
        await(log.close());
        List<String> told = new CopyOnWriteArrayList<>();
        log = new KafkaLaneLog(
                vertx, settings, TraceHeaders.NONE, (topic, before, now) -> told.add(topic + " " + before + " " + now));
        LaneSession session = session();
        await(commit(session, 1));
        morePartitions("points", 5);
        AtomicInteger step = new AtomicInteger(1);
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
            await(commit(session, step.incrementAndGet()));
            return !told.isEmpty();
        });
        for (int more = 0; more < 3; more++) {
            Thread.sleep(250);
            await(commit(session, step.incrementAndGet()));
        }
        await(session.close());
        assertThat(told).containsExactly(settings.topic("points") + " 2 5");

        morePartitions("quarantine", 3); // nothing is written to it
        LaneSession again = session();
        await(again.close());
        await(session().close());
        assertThat(told).containsExactly(settings.topic("points") + " 2 5", settings.topic("quarantine") + " 2 3");
        assertThat(new CommittedRecords(settings).points(SPLIT))
                .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, step.get())
                        .mapToObj(n -> Samples.point(SPLIT, "m", n).id() + "#" + n)
                        .toList());
    }

    private void morePartitions(String suffix, int count) throws Exception {
        done(admin.createPartitions(Map.of(settings.topic(suffix), NewPartitions.increaseTo(count)))
                .all());
        Awaitility.await()
                .until(() ->
                        done(admin.describeTopics(List.of(settings.topic(suffix)))
                                        .allTopicNames())
                                .values()
                                .stream()
                                .allMatch(topic -> topic.partitions().size() == count));
    }

    /** How long some commits take of 60 KB each that no codec makes smaller. */
    private static Duration bulk(LaneSession session, int first) {
        Random random = new Random(1);
        long began = System.nanoTime();
        for (int step = first; step < first + BULK; step++) {
            String[] models = Stream.generate(() -> text(random)).limit(15).toArray(String[]::new);
            await(session.commit(List.of(batch(SPLIT, step, models))));
        }
        return Duration.ofNanos(System.nanoTime() - began);
    }

    private static String text(Random random) {
        return random.ints(2_000, 'a', 'z' + 1)
                .mapToObj(letter -> String.valueOf((char) letter))
                .collect(Collectors.joining());
    }

    private static void quota(ClientQuotaEntity entity, Optional<Double> bytesASecond) throws Exception {
        done(admin.alterClientQuotas(List.of(new ClientQuotaAlteration(
                        entity,
                        List.of(new ClientQuotaAlteration.Op("producer_byte_rate", bytesASecond.orElse(null))))))
                .all());
    }

    @Test
    void a_transactional_id_that_the_broker_forgot_costs_one_attempt() throws Exception {
        LaneSession session = session();
        await(commit(session, 1));
        String id = settings.prefix() + "-lane-0";
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> done(admin.listTransactions().all()).stream()
                        .noneMatch(listing -> listing.transactionalId().equals(id)));
        assertThat(failure(commit(session, 2))).isNotInstanceOf(SinkFailure.Refused.class);
        goesOn(session, 2);
    }

    @Test
    void older_transactions_are_warned_of_or_refused_with_the_command_that_upgrades() throws Exception {
        transactionVersion(1);
        try {
            Topics.Findings warned = await(new Topics(vertx, settings, topics(false)).verify());
            assertThat(warned.transactionVersion()).isEqualTo(1);
            assertThat(warned.refused()).isFalse();
            assertThat(warned.problems())
                    .singleElement()
                    .satisfies(problem -> assertThat(problem.severity()).isEqualTo(TopicProblem.Severity.WARNING));
            Topics.Findings refused = await(new Topics(vertx, settings, topics(true)).verify());
            assertThat(refused.refused()).isTrue();
            assertThat(refused.problems()).singleElement().satisfies(problem -> {
                assertThat(problem.what()).contains("transaction.version 1", "KIP-890");
                assertThat(problem.remedy())
                        .startsWith("kafka-features.sh --bootstrap-server ")
                        .endsWith(" upgrade --feature transaction.version=2");
            });
        } finally {
            transactionVersion(2);
        }
        Awaitility.await()
                .until(() -> await(new Topics(vertx, settings, topics(true)).verify())
                        .problems()
                        .isEmpty());
    }

    private static TopicSettings topics(boolean refuseOldTransactions) {
        return new TopicSettings(false, 2, -1, -1, Optional.empty(), refuseOldTransactions);
    }

    private static void transactionVersion(int level) throws Exception {
        done(admin.updateFeatures(
                        Map.of(
                                "transaction.version",
                                new FeatureUpdate(
                                        (short) level,
                                        level == 2
                                                ? FeatureUpdate.UpgradeType.UPGRADE
                                                : FeatureUpdate.UpgradeType.SAFE_DOWNGRADE)),
                        new UpdateFeaturesOptions())
                .all());
        Awaitility.await()
                .until(() -> Optional.ofNullable(done(admin.describeFeatures().featureMetadata())
                                .finalizedFeatures()
                                .get("transaction.version"))
                        .filter(range -> range.maxVersionLevel() == level)
                        .isPresent());
    }
}
