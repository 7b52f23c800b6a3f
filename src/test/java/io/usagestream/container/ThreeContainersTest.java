package io.usagestream.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.DockerClient;
import io.usagestream.chaos.CommitWatch;
import io.usagestream.chaos.Pause;
import io.usagestream.chaos.Topics;
import io.usagestream.chaos.Verdict;
import io.usagestream.chaos.Workload;
import io.usagestream.config.Settings;
import io.usagestream.dev.audit.Audit;
import io.usagestream.dev.upstream.ledger.LedgerSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;

/** Three containers share the lanes; one is killed, one stands still, one is cut off: nothing is lost, nothing doubled. */
@NeedsDocker(images = {Instance.IMAGE, "apache/kafka:4.3.1"})
class ThreeContainersTest {
    private static final String PREFIX = "three";
    /** Above session and transaction time-out, and above how often a broker looks for transactions that took too long. */
    private static final Duration TAKEN_FOR_DEAD = Workload.TAKEN_FOR_DEAD.plusSeconds(10);

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Workload WORKLOAD = new Workload(11, 4, 100, Duration.ofHours(6), 6, Workload.IMPATIENT);

    private final DockerClient docker = DockerClientFactory.instance().client();
    private final Instant now = Instant.now();
    private final Instant start = WORKLOAD.start(now);

    @TempDir
    private Path folder = Path.of("");

    @Test
    void one_is_killed_one_stands_still_one_is_cut_off_and_the_audit_is_equal() throws Exception {
        LedgerSettings lively = WORKLOAD.ledger().withRush(now, 6_000);
        try (ContainerNetwork network = ContainerNetwork.open(docker);
                KafkaContainer kafka = new KafkaContainer("apache/kafka:4.3.1")
                        .withNetwork(network.network())
                        .withListener("kafka:19092")
                        // sessions of two seconds
                        .withEnv(Map.of(
                                "KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS", "100",
                                "KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false"))) {
            kafka.start();
            try (Upstream upstream = Upstream.on(network.gateway(), lively)) {
                String yaml = WORKLOAD.yaml("kafka:19092", upstream.baseUrl(), PREFIX, now);
                Path file = ConfigurationFile.written(folder, yaml);
                Settings here = ConfigurationFile.read(
                        folder, WORKLOAD.yaml(kafka.getBootstrapServers(), upstream.baseUrl(), PREFIX, now));
                Map<String, String> client = Map.of("bootstrap.servers", kafka.getBootstrapServers());
                List<Instance> three = new ArrayList<>();
                try {
                    for (int i = 0; i < 3; i++) {
                        three.add(Instance.created(docker, network, file));
                    }
                    three.forEach(Instance::start);
                    three.forEach(Instance::awaitReady);
                    try (CommitWatch watch = new CommitWatch(client, PREFIX + ".checkpoints", WORKLOAD.lanes())) {
                        strikeEach(three, watch);
                    }
                    Verdict verdict = settle(upstream, three, network, file, here, client);
                    System.out.printf(
                            "three containers, one killed, one paused for %d s, one cut off: lanes that stood back: fenced %d,"
                                    + " unknown %d, aborted %d; %s%n",
                            TAKEN_FOR_DEAD.toSeconds(),
                            logged(three, "\"Fenced\""),
                            logged(three, "\"Unknown\""),
                            logged(three, "\"Aborted\""),
                            verdict);
                    assertThat(verdict.sound()).as(verdict.toString()).isTrue();
                    runUntilCaughtUp(network, file);
                    assertThat(Topics.records(client, PREFIX))
                            .as("records after a second --until-caught-up")
                            .isEqualTo(verdict.offsets());
                } catch (AssertionError e) {
                    three.forEach(instance -> System.out.println("---\n" + instance.log()));
                    throw e;
                } finally {
                    three.forEach(Instance::close);
                }
            }
        }
    }

    private static void strikeEach(List<Instance> three, CommitWatch watch) {
        awaitShared(three);
        Set<Integer> lanes = new TreeSet<>();
        assertThat(Pause.until(
                        () -> {
                            lanes.addAll(watch.since(System.nanoTime() - 1_000_000_000_000L));
                            return lanes.size() >= 3;
                        },
                        PATIENCE))
                .as("lanes with work: %s", lanes)
                .isTrue();
        Pause.millis(5_000);
        lanes.addAll(watch.since(System.nanoTime() - 10_000_000_000L));

        Instance killed = three.get(0);
        killed.kill();
        print("kill", awaitCommits(watch, lanes));
        killed.startAndAwaitReady();
        awaitShared(three);

        Instance paused = three.get(1);
        long since = System.nanoTime();
        paused.pause();
        print("pause", awaitCommits(watch, lanes));
        Pause.millis(Math.max(0, TAKEN_FOR_DEAD.toMillis() - (System.nanoTime() - since) / 1_000_000));
        paused.goOn();
        awaitShared(three);

        Instance cut = three.get(2);
        since = System.nanoTime();
        cut.cut();
        print("network cut", awaitCommits(watch, lanes));
        Pause.millis(Math.max(0, TAKEN_FOR_DEAD.toMillis() - (System.nanoTime() - since) / 1_000_000));
        cut.mend();
        awaitShared(three);
        awaitCommits(watch, lanes);
    }

    /** Until each owns a lane: whoever is struck then leaves work behind that the others must take over. */
    private static void awaitShared(List<Instance> three) {
        assertThat(Pause.until(
                        () -> three.stream().mapToInt(i -> i.lanes().orElse(0)).sum() == WORKLOAD.lanes()
                                && three.stream().allMatch(i -> i.lanes().orElse(0) > 0),
                        PATIENCE))
                .as(() -> "lanes: " + three.stream().map(Instance::lanes).toList())
                .isTrue();
    }

    /** Until every lane has committed again; what was on its way when the blow fell does not count. */
    private static Duration awaitCommits(CommitWatch watch, Set<Integer> lanes) {
        long struck = System.nanoTime();
        Pause.millis(1_000);
        long since = System.nanoTime();
        assertThat(Pause.until(() -> watch.since(since).containsAll(lanes), PATIENCE))
                .as(() -> "lanes that commit: " + watch.since(since) + " of " + lanes)
                .isTrue();
        return Duration.ofNanos(System.nanoTime() - struck);
    }

    private Verdict settle(
            Upstream upstream,
            List<Instance> three,
            ContainerNetwork network,
            Path file,
            Settings here,
            Map<String, String> client) {
        upstream.simulated().ledger().freeze();
        Pause.millis(WORKLOAD.settled().toMillis());
        three.forEach(Instance::stop);
        runUntilCaughtUp(network, file);
        return new Verdict(
                new Audit(upstream.simulated().ledger(), Workload::account).of(here.sources(), start, client, PREFIX),
                Topics.openTransactions(client),
                Topics.records(client, PREFIX));
    }

    private void runUntilCaughtUp(ContainerNetwork network, Path file) {
        try (Instance last = Instance.created(docker, network, file, "--until-caught-up")) {
            last.start();
            assertThat(last.exit(Duration.ofMinutes(3))).as(last::log).hasValue(0);
        }
    }

    private static long logged(List<Instance> three, String what) {
        return three.stream().mapToLong(i -> i.logged(what)).sum();
    }

    private static void print(String blow, Duration took) {
        System.out.printf("three containers: %s: every lane commits again after %.1f s%n", blow, took.toMillis() / 1e3);
    }
}
