package io.usagestream.it;

import static io.usagestream.contract.Waiting.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.usagestream.contract.Samples;
import io.usagestream.envelope.WorkFormat;
import io.usagestream.sink.Batch;
import io.usagestream.sink.LaneNumber;
import io.usagestream.sink.LaneSession;
import io.usagestream.sink.Ownership;
import io.usagestream.sink.kafka.KafkaLaneLog;
import io.usagestream.sink.kafka.KafkaOwnership;
import io.usagestream.sink.kafka.KafkaSettings;
import io.usagestream.sink.kafka.Topics;
import io.usagestream.sink.kafka.WorkOrders;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Split;
import io.usagestream.stream.Window;
import io.usagestream.stream.Work;
import io.usagestream.stream.WorkStatus;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KafkaOwnershipTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final Vertx vertx = Vertx.vertx();
    private KafkaSettings settings = SharedKafka.instance().settings(4);

    /** What an instance was told. */
    private static final class Instance implements Ownership.Listener {
        final Set<Integer> lanes = new ConcurrentSkipListSet<>();
        final List<Integer> lost = new CopyOnWriteArrayList<>();
        final KafkaOwnership ownership;
        Future<Void> stopping = Future.succeededFuture();

        Instance(Vertx vertx, KafkaSettings settings) {
            ownership = new KafkaOwnership(vertx, settings);
        }

        @Override
        public void assigned(int lane) {
            lanes.add(lane);
        }

        @Override
        public Future<Void> revoked(int lane) {
            return stopping.onComplete(v -> lanes.remove(lane));
        }

        @Override
        public void lost(int lane) {
            lanes.remove(lane);
            lost.add(lane);
        }
    }

    @BeforeEach
    void topics() {
        await(new Topics(vertx, settings, SharedKafka.topics()).prepare());
    }

    @AfterEach
    void stop() {
        await(vertx.close());
    }

    private Instance join() {
        Instance instance = new Instance(vertx, settings);
        await(instance.ownership.join(instance));
        return instance;
    }

    private static void owns(Instance instance, int lanes) {
        await().atMost(SOON).until(() -> instance.lanes.size() == lanes);
    }

    @Test
    void lanes_are_shared_out_and_taken_over_at_once_when_an_instance_leaves() {
        Instance one = join();
        owns(one, 4);
        Instance two = join();
        owns(one, 2);
        owns(two, 2);
        assertThat(one.lanes).doesNotContainAnyElementsOf(two.lanes);

        long began = System.nanoTime();
        await(one.ownership.leave());
        owns(two, 4);
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .as("sooner than the session of 6 s ends")
                .isLessThan(Duration.ofSeconds(5));
        await(two.ownership.leave());
    }

    @Test
    void a_lane_is_confirmed_to_its_owner_only() {
        Instance one = join();
        owns(one, 4);
        Instance two = join();
        owns(two, 2);
        int ofTwo = two.lanes.iterator().next();
        assertThat(await(one.ownership.confirm(ofTwo))).isFalse();
        assertThat(await(two.ownership.confirm(ofTwo))).isTrue();
        await(one.ownership.leave());
        owns(two, 4);
        assertThat(await(two.ownership.confirm(0))).isTrue();
        await(two.ownership.leave());
        assertThat(await(new KafkaOwnership(vertx, settings).confirm(0))).isFalse();
    }

    @Test
    void an_instance_that_comes_back_under_its_name_gets_its_lanes_at_once() {
        settings = named("pod-0");
        Instance dead = join();
        owns(dead, 4);
        // as after kill -9: nobody has left
        long began = System.nanoTime();
        Instance back = join();
        owns(back, 4);
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .as("sooner than the session of 6 s ends")
                .isLessThan(Duration.ofSeconds(5));
        assertThat(await(dead.ownership.confirm(0))).as("thrown out").isFalse();
        await().atMost(SOON).until(() -> dead.lost.size() == 4 || dead.lanes.isEmpty());
        await(dead.ownership.leave());
        await(back.ownership.leave());
    }

    /** A client that is closed says goodbye to brokers, and waits half a minute for those that hang: as long as a stop may take at most. */
    @Test
    void leaving_does_not_wait_long_for_brokers_that_hang() throws Exception {
        Instance instance = join();
        owns(instance, 4);
        List<Work> told = new CopyOnWriteArrayList<>();
        await(instance.ownership.work(telling(told)));
        order("before");
        heardOf("before", told);
        KafkaProxy proxy = SharedKafka.instance().proxy();
        proxy.fallSilent();
        try {
            long began = System.nanoTime();
            await(instance.ownership.leave());
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(8));
        } finally {
            proxy.heal();
        }
    }

    @Test
    void a_rebalance_waits_until_a_lane_has_stopped() {
        Instance one = join();
        owns(one, 4);
        io.vertx.core.Promise<Void> stopped = io.vertx.core.Promise.promise();
        one.stopping = stopped.future();
        Instance two = join();
        await().pollDelay(Duration.ofSeconds(2)).until(() -> two.lanes.isEmpty());
        stopped.complete();
        owns(two, 2);
        await(one.ownership.leave());
        await(two.ownership.leave());
    }

    /** The requests topic has one partition: what comes in one poll with such records was lost until a restart. */
    @Test
    void requests_that_say_nothing_hold_up_no_other() {
        Work asked = new Work(
                "r1", Work.Kind.BACKFILL, "acme", Optional.empty(), new Window(Samples.START, Samples.NOW), Set.of());
        String topic = settings.topic("requests");
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", SharedKafka.instance().bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, "gone".getBytes(UTF_8), null));
            producer.send(new ProducerRecord<>(topic, "foreign".getBytes(UTF_8), new byte[] {1, 2, 3}));
            producer.send(new ProducerRecord<>(topic, WorkFormat.key(asked), WorkFormat.encode(asked, Samples.NOW)));
        }
        Instance instance = new Instance(vertx, settings);
        List<Work> told = new CopyOnWriteArrayList<>();
        await(instance.ownership.work(telling(told)));
        await().atMost(SOON).until(() -> told.equals(List.of(asked)));
        await(instance.ownership.leave());
        try (WorkOrders orders = new WorkOrders(settings)) {
            assertThat(orders.find("r1")).hasValue(asked);
        }
    }

    /** It is not needed for what is published, so that somebody may delete it and let the service or another tool make it anew. */
    @Test
    void work_is_heard_of_after_its_topic_was_made_anew() throws Exception {
        Instance instance = new Instance(vertx, settings);
        List<Work> told = new CopyOnWriteArrayList<>();
        await(instance.ownership.work(telling(told)));
        order("before-1");
        order("before-2");
        heardOf("before-2", told);
        String topic = settings.topic("requests");
        try (Admin admin = Admin.create(Map.copyOf(settings.client()))) {
            admin.deleteTopics(List.of(topic)).all().get(30, TimeUnit.SECONDS);
            await().atMost(SOON)
                    .until(() -> !admin.listTopics()
                            .names()
                            .get(30, TimeUnit.SECONDS)
                            .contains(topic));
        }
        await(new Topics(vertx, settings, SharedKafka.topics()).prepare());

        order("after");

        heardOf("after", told);
        await(instance.ownership.leave());
    }

    @Test
    void work_is_heard_of_when_its_topic_has_got_more_partitions() throws Exception {
        Instance instance = new Instance(vertx, settings);
        List<Work> told = new CopyOnWriteArrayList<>();
        await(instance.ownership.work(telling(told)));
        order("before");
        heardOf("before", told);
        try (Admin admin = Admin.create(Map.copyOf(settings.client()))) {
            admin.createPartitions(Map.of(settings.topic("requests"), NewPartitions.increaseTo(6)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
        List<String> after = List.of("a", "b", "c", "d", "e");
        for (String id : after) {
            order(id);
        }
        after.forEach(id -> heardOf(id, told));
        await(instance.ownership.leave());
    }

    private static void heardOf(String id, List<Work> told) {
        await().atMost(SOON)
                .until(() -> told.stream().anyMatch(work -> work.id().equals(id)));
    }

    private void order(String id) throws InterruptedException {
        try (WorkOrders orders = new WorkOrders(settings)) {
            Window window = new Window(Samples.START, Samples.NOW);
            orders.order(new Work(id, Work.Kind.BACKFILL, "acme", Optional.empty(), window, Set.of()), Samples.NOW);
        }
    }

    @Test
    void work_is_told_as_it_arrives_and_again_with_who_has_finished() {
        Split split = Samples.split("acme", "completions");
        Work asked = new Work(
                "r1", Work.Kind.BACKFILL, "acme", Optional.empty(), new Window(Samples.START, Samples.NOW), Set.of());
        Instance instance = new Instance(vertx, settings);
        List<Work> told = new CopyOnWriteArrayList<>();
        await(instance.ownership.work(telling(told)));
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", SharedKafka.instance().bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(
                    settings.topic("requests"), WorkFormat.key(asked), WorkFormat.encode(asked, Samples.NOW)));
        }
        await().atMost(SOON).until(() -> told.equals(List.of(asked)));

        KafkaLaneLog log = new KafkaLaneLog(vertx, settings);
        int lane = LaneNumber.of("acme", 4);
        LaneSession session = await(log.open(lane, name -> true));
        WorkStatus done = new WorkStatus("r1", split, Samples.NOW, true, Optional.empty(), Samples.NOW);
        await(session.commit(List.of(new Batch(
                split,
                List.of(),
                Samples.checkpoint(split, 1),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(done)))));
        await().atMost(SOON)
                .until(() -> told.size() == 2 && told.get(1).finished().equals(Set.of(split.name())));
        await(session.close());

        Instance restarted = new Instance(vertx, settings);
        List<Work> retold = new CopyOnWriteArrayList<>();
        await(restarted.ownership.work(telling(retold)));
        await().atMost(SOON).until(() -> retold.equals(told.subList(1, 2)));
        await(instance.ownership.leave());
        await(restarted.ownership.leave());
        await(log.close());
    }

    @Test
    void what_was_over_a_week_ago_is_forgotten_by_the_topic_and_its_readers() throws InterruptedException {
        Split split = Samples.split("acme", "costs");
        Split other = Samples.split("acme", "completions");
        Instant longAgo = Samples.NOW.minus(Duration.ofDays(8));
        Work over = repair("over");
        Work given = repair("given-up");
        Work recent = repair("recent");
        Work open = repair("open");
        Work wide = new Work("wide", Work.Kind.BACKFILL, "acme", Optional.empty(), over.window(), Set.of());
        Work foreign = new Work("foreign", Work.Kind.BACKFILL, "not-here", Optional.empty(), over.window(), Set.of());
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            for (Work work : List.of(over, given, recent, open, wide, foreign)) {
                producer.send(record(WorkFormat.key(work), WorkFormat.encode(work, longAgo)));
            }
            for (WorkStatus status : List.of(
                    new WorkStatus("over", split, longAgo, true, Optional.empty(), longAgo),
                    new WorkStatus("given-up", split, longAgo, true, Optional.of(Reason.BAD_REQUEST), longAgo),
                    new WorkStatus("recent", split, longAgo, true, Optional.empty(), Samples.NOW),
                    new WorkStatus("open", split, longAgo, false, Optional.empty(), longAgo),
                    new WorkStatus("wide", split, longAgo, true, Optional.empty(), longAgo),
                    new WorkStatus(
                            "foreign", Samples.split("not-here", "costs"), longAgo, true, Optional.empty(), longAgo),
                    new WorkStatus("gone-before", split, longAgo, true, Optional.empty(), longAgo))) {
                producer.send(record(WorkFormat.key(status), WorkFormat.encode(status)));
            }
        }
        Instance instance = new Instance(vertx, settings);
        List<Work> told = new CopyOnWriteArrayList<>();
        await(instance.ownership.work(telling(told)));
        await().atMost(SOON).until(() -> told.size() == 6);

        try (WorkOrders orders = new WorkOrders(settings)) {
            orders.forgetWhatIsOver(source -> source.equals("acme") ? List.of(split, other) : List.of(), Samples.NOW);
        }
        await().atMost(SOON).until(() -> told.size() == 4);
        assertThat(told).extracting(Work::id).containsExactlyInAnyOrder("recent", "open", "wide", "foreign");

        try (WorkOrders after = new WorkOrders(settings)) {
            assertThat(after.find("over")).isEmpty();
            for (String gone : List.of("over", "given-up", "gone-before")) {
                assertThat(after.statuses(gone, Duration.ZERO)).isEmpty();
            }
            assertThat(after.find("recent").orElseThrow().finished()).containsExactly(split.name());
            assertThat(after.find("open").orElseThrow().finished()).isEmpty();
        }
        Instance restarted = new Instance(vertx, settings);
        List<Work> retold = new CopyOnWriteArrayList<>();
        await(restarted.ownership.work(telling(retold)));
        await().atMost(SOON).until(() -> retold.size() == 4);
        await(instance.ownership.leave());
        await(restarted.ownership.leave());
    }

    private static Work repair(String id) {
        return new Work(
                id, Work.Kind.REPAIR, "acme", Optional.of("costs"), new Window(Samples.START, Samples.NOW), Set.of());
    }

    private ProducerRecord<byte[], byte[]> record(byte[] key, byte[] value) {
        return new ProducerRecord<>(settings.topic("requests"), key, value);
    }

    private static KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", SharedKafka.instance().bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private static Ownership.WorkListener telling(List<Work> told) {
        return new Ownership.WorkListener() {
            @Override
            public void asked(Work work) {
                told.add(work);
            }

            @Override
            public void forgotten(String id) {
                told.removeIf(work -> work.id().equals(id));
            }
        };
    }

    private KafkaSettings named(String instance) {
        return new KafkaSettings(
                settings.client(),
                settings.prefix(),
                settings.lanes(),
                instance,
                settings.registry(),
                settings.limits());
    }
}
