package io.usagestream.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.DockerClient;
import io.usagestream.chaos.Pause;
import io.usagestream.config.Settings;
import io.usagestream.dev.audit.Audit;
import io.usagestream.dev.upstream.ledger.LedgerSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;

/** The image does the main job without any privilege, survives a kill, and stops when it is told to. */
@NeedsDocker(images = {Instance.IMAGE, "apache/kafka:4.3.1"})
class ImageTest {
    private static final String CONFIGURATION = """
            kafka: {bootstrap.servers: "%s"}
            topics: {prefix: image, lanes: 2, partitions: 2, replication-factor: 1}
            sources:
              - {name: acme, provider: openai, base-url: "%2$s", allow-insecure: true, admin-key: sk-admin-sim-1, start: "%3$s",
                 poll-interval: 5s, lookback: 48h, sweep-interval: 10s, requests-per-minute: 6000}
              - {name: studio, provider: scenario, base-url: "%2$s", allow-insecure: true, api-key: api_sim_1, api-secret: secret_sim_1,
                 start: "%3$s", poll-interval: 5s, lookback: 48h, sweep-interval: 10s, safety-lag: 5s, requests-per-minute: 6000}
            """;

    /** Limits that the image is held to. */
    private static final long MOST_BYTES = 250_000_000;

    private static final Duration LONGEST_START = Duration.ofSeconds(4);
    private static final long MOST_RESIDENT = 256L << 20;

    private final DockerClient docker = DockerClientFactory.instance().client();

    @TempDir
    private Path folder = Path.of("");

    @Test
    void it_does_the_main_job_unprivileged_survives_a_kill_and_stops_in_time() throws Exception {
        Instant start = Instant.now().truncatedTo(ChronoUnit.DAYS);
        LedgerSettings lively = LedgerSettings.of(7, 1).withRush(Instant.now(), 3000);
        try (ContainerNetwork network = ContainerNetwork.open(docker);
                KafkaContainer kafka = new KafkaContainer("apache/kafka:4.3.1")
                        .withNetwork(network.network())
                        .withListener("kafka:19092")) {
            kafka.start();
            try (Upstream upstream = Upstream.on(network.gateway(), lively);
                    Instance instance = Instance.created(
                            docker,
                            network,
                            ConfigurationFile.written(
                                    folder, CONFIGURATION.formatted("kafka:19092", upstream.baseUrl(), start)))) {
                Duration ready = instance.startAndAwaitReady();
                Settings settings = ConfigurationFile.read(
                        folder, CONFIGURATION.formatted(kafka.getBootstrapServers(), upstream.baseUrl(), start));
                Audit audit = new Audit(upstream.simulated().ledger(), source -> 1);
                awaitRecords(audit, settings, start);

                instance.kill();
                Duration again = instance.startAndAwaitReady();
                Pause.millis(15_000);
                upstream.simulated().ledger().freeze();
                // what changes in an old event is read at its next age; a start reads the whole lookback
                Pause.millis(6_000);
                instance.kill();
                instance.startAndAwaitReady();

                Awaitility.await()
                        .atMost(Duration.ofMinutes(3))
                        .pollInterval(Duration.ofSeconds(3))
                        .untilAsserted(() ->
                                assertThat(findings(audit, settings, start)).allMatch(Audit.Finding::equal));
                long resident = instance.resident();
                Duration stopped = instance.stop();
                System.out.println(instance.log());
                long size = Objects.requireNonNull(
                        docker.inspectImageCmd(Instance.IMAGE).exec().getSize());
                System.out.printf(
                        "image: %d MB; ready after %.1f s, after the kill %.1f s; resident %d MiB; stopped in %.1f s%n",
                        size / 1_000_000,
                        ready.toMillis() / 1e3,
                        again.toMillis() / 1e3,
                        resident >> 20,
                        stopped.toMillis() / 1e3);
                assertThat(size).isLessThanOrEqualTo(MOST_BYTES);
                assertThat(resident).isLessThanOrEqualTo(MOST_RESIDENT);
                // a busy machine slows one start down, a slow image both
                assertThat(ready.compareTo(again) < 0 ? ready : again).isLessThanOrEqualTo(LONGEST_START);
            }
        }
    }

    private static void awaitRecords(Audit audit, Settings settings, Instant start) {
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofSeconds(2))
                .until(() -> findings(audit, settings, start).stream().anyMatch(f -> f.found() > 0));
    }

    private static List<Audit.Finding> findings(Audit audit, Settings settings, Instant start) {
        return audit.of(
                settings.sources(),
                start,
                settings.kafka().values(),
                settings.topics().prefix());
    }
}
