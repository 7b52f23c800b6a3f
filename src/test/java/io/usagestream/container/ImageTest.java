package io.usagestream.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import io.usagestream.config.Configuration;
import io.usagestream.config.Settings;
import io.usagestream.dev.audit.Audit;
import io.usagestream.source.Secret;
import io.usagestream.source.openai.OpenAi;
import io.usagestream.source.scenario.Scenario;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Network;
import org.testcontainers.kafka.KafkaContainer;

/** The image does the main job without any privilege, survives a kill, and stops when it is told to. */
@NeedsDocker(images = {"usagestream:latest", "apache/kafka:4.3.1"})
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
    private static final Duration LONGEST_STOP = Duration.ofSeconds(15);
    private static final long MOST_RESIDENT = 256L << 20;

    private final DockerClient docker = DockerClientFactory.instance().client();

    @TempDir
    private Path folder = Path.of("");

    @Test
    void it_does_the_main_job_unprivileged_survives_a_kill_and_stops_in_time() throws Exception {
        Instant start = Instant.now().truncatedTo(ChronoUnit.DAYS);
        try (Network network = Network.newNetwork();
                KafkaContainer kafka = new KafkaContainer("apache/kafka:4.3.1")
                        .withNetwork(network)
                        .withListener("kafka:19092")) {
            kafka.start();
            try (Upstream upstream = Upstream.on(gateway(network))) {
                Path file = configuration(CONFIGURATION.formatted("kafka:19092", upstream.baseUrl(), start));
                String container = create(network, file);
                try {
                    Duration ready = startAndAwaitReady(container);
                    Settings settings = read(configuration(
                            CONFIGURATION.formatted(kafka.getBootstrapServers(), upstream.baseUrl(), start)));
                    Audit audit = new Audit(upstream.simulated().ledger(), source -> 1);
                    awaitRecords(audit, settings, start);

                    docker.killContainerCmd(container).withSignal("KILL").exec();
                    startAndAwaitReady(container);
                    Thread.sleep(15_000);
                    upstream.simulated().ledger().freeze();

                    Awaitility.await()
                            .atMost(Duration.ofMinutes(3))
                            .pollInterval(Duration.ofSeconds(3))
                            .untilAsserted(() ->
                                    assertThat(findings(audit, settings, start)).allMatch(Audit.Finding::equal));
                    long resident = resident(container);
                    Duration stopped = stop(container);
                    long size = Objects.requireNonNull(
                            docker.inspectImageCmd("usagestream:latest").exec().getSize());
                    System.out.printf(
                            "image: %d MB; ready after %.1f s; resident %d MiB; stopped in %.1f s%n",
                            size / 1_000_000, ready.toMillis() / 1e3, resident >> 20, stopped.toMillis() / 1e3);
                    assertThat(size).isLessThanOrEqualTo(MOST_BYTES);
                    assertThat(resident).isLessThanOrEqualTo(MOST_RESIDENT);
                    assertThat(ready).isLessThanOrEqualTo(LONGEST_START);
                } finally {
                    System.out.println(log(container));
                    docker.removeContainerCmd(container).withForce(true).exec();
                }
            }
        }
    }

    private String create(Network network, Path file) {
        return docker.createContainerCmd("usagestream:latest")
                .withCmd("run", "--config", "/etc/usagestream/usagestream.yaml")
                .withExposedPorts(ExposedPort.tcp(8080))
                .withHostConfig(HostConfig.newHostConfig()
                        .withNetworkMode(network.getId())
                        .withPortBindings(PortBinding.parse("127.0.0.1:0:8080"))
                        .withBinds(Bind.parse(file + ":/etc/usagestream/usagestream.yaml:ro"))
                        .withReadonlyRootfs(true)
                        .withCapDrop(Capability.ALL)
                        .withSecurityOpts(List.of("no-new-privileges"))
                        .withTmpFs(Map.of("/tmp", "size=64m,mode=1777"))
                        .withMemory(512L << 20))
                .exec()
                .getId();
    }

    private Duration startAndAwaitReady(String container) {
        long began = System.nanoTime();
        docker.startContainerCmd(container).exec();
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> ready(container));
        return Duration.ofNanos(System.nanoTime() - began);
    }

    private boolean ready(String container) throws IOException {
        assertThat(state(container).getRunning()).as(() -> log(container)).isTrue();
        String port = docker.inspectContainerCmd(container)
                .exec()
                .getNetworkSettings()
                .getPorts()
                .getBindings()
                .values()
                .iterator()
                .next()[0]
                .getHostPortSpec();
        HttpURLConnection connection = (HttpURLConnection)
                URI.create("http://127.0.0.1:" + port + "/health/ready").toURL().openConnection();
        connection.setConnectTimeout(1000);
        connection.setReadTimeout(2000);
        try {
            return connection.getResponseCode() == 200;
        } catch (IOException e) {
            return false;
        } finally {
            connection.disconnect();
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

    private Duration stop(String container) {
        long began = System.nanoTime();
        docker.stopContainerCmd(container).withTimeout(60).exec();
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        assertThat(state(container).getExitCodeLong()).isZero();
        assertThat(took).isLessThanOrEqualTo(LONGEST_STOP);
        return took;
    }

    /** Resident memory of the process itself, without what the kernel caches for it. */
    private long resident(String container) throws IOException {
        Long pid = Objects.requireNonNull(state(container).getPidLong());
        return Files.readAllLines(Path.of("/proc", pid.toString(), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                .findFirst()
                .orElseThrow();
    }

    private ContainerState state(String container) {
        return docker.inspectContainerCmd(container).exec().getState();
    }

    private String log(String container) {
        try {
            return new ProcessBuilder("docker", "logs", "--tail", "40", container)
                    .redirectErrorStream(true)
                    .start()
                    .inputReader()
                    .lines()
                    .collect(Collectors.joining("\n"));
        } catch (IOException e) {
            return "no log: " + e;
        }
    }

    private String gateway(Network network) {
        return docker.inspectNetworkCmd()
                .withNetworkId(network.getId())
                .exec()
                .getIpam()
                .getConfig()
                .get(0)
                .getGateway();
    }

    private Path configuration(String text) throws IOException {
        Path file = Files.createTempFile(folder, "usagestream", ".yaml");
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file;
    }

    private static Settings read(Path file) {
        Clock clock = Clock.systemUTC();
        return new Configuration(
                        List.of(new OpenAi(clock), new Scenario(clock)),
                        Map.of(),
                        path -> Secret.of("none"),
                        clock.instant())
                .of(file);
    }
}
