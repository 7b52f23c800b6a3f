package io.usagestream.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import io.usagestream.chaos.Pause;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** One container of the image without any privilege: a read-only root, no capability, 512 MB. */
final class Instance implements AutoCloseable {
    static final String IMAGE = "usagestream:latest";

    private static final Duration LONGEST_STOP = Duration.ofSeconds(15);
    private static final Pattern LANES = Pattern.compile("(?m)^usagestream_lanes_owned(?:\\{.*})? (\\d+)");

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
    private final DockerClient docker;
    private final ContainerNetwork network;
    private final String id;

    private Instance(DockerClient docker, ContainerNetwork network, String id) {
        this.docker = docker;
        this.network = network;
        this.id = id;
    }

    /** Not yet started. */
    static Instance created(DockerClient docker, ContainerNetwork network, Path configuration, String... more) {
        List<String> command =
                new java.util.ArrayList<>(List.of("run", "--config", "/etc/usagestream/usagestream.yaml"));
        command.addAll(List.of(more));
        String id = docker.createContainerCmd(IMAGE)
                .withCmd(command)
                .withExposedPorts(ExposedPort.tcp(8080))
                .withHostConfig(HostConfig.newHostConfig()
                        .withNetworkMode(network.id())
                        .withPortBindings(PortBinding.parse("127.0.0.1:0:8080"))
                        .withBinds(Bind.parse(configuration + ":/etc/usagestream/usagestream.yaml:ro"))
                        .withReadonlyRootfs(true)
                        .withCapDrop(Capability.ALL)
                        .withSecurityOpts(List.of("no-new-privileges"))
                        .withTmpFs(Map.of("/tmp", "size=64m,mode=1777"))
                        .withMemory(512L << 20))
                .exec()
                .getId();
        return new Instance(docker, network, id);
    }

    void start() {
        docker.startContainerCmd(id).exec();
    }

    /** From start to ready. */
    Duration startAndAwaitReady() {
        long began = System.nanoTime();
        start();
        awaitReady();
        return Duration.ofNanos(System.nanoTime() - began);
    }

    void awaitReady() {
        assertThat(Pause.until(this::ready, Duration.ofSeconds(90)))
                .as(this::log)
                .isTrue();
    }

    private boolean ready() {
        assertThat(state().getRunning()).as(this::log).isTrue();
        try {
            return ask("/health/ready").statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** How many lanes it says are its own. */
    OptionalInt lanes() {
        try {
            Matcher found = LANES.matcher(ask("/metrics").body());
            return found.find() ? OptionalInt.of(Integer.parseInt(found.group(1))) : OptionalInt.empty();
        } catch (IOException e) {
            return OptionalInt.empty();
        }
    }

    private HttpResponse<String> ask(String path) throws IOException {
        URI uri = URI.create("http://127.0.0.1:" + port() + path);
        try {
            return http.send(
                    HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(2)).build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Another one after every start. */
    private String port() throws IOException {
        return docker.inspectContainerCmd(id).exec().getNetworkSettings().getPorts().getBindings().values().stream()
                .filter(Objects::nonNull)
                .map(bindings -> bindings[0].getHostPortSpec())
                .findFirst()
                .orElseThrow(() -> new IOException("no port"));
    }

    /** {@code SIGKILL}. */
    void kill() {
        docker.killContainerCmd(id).withSignal("KILL").exec();
        assertThat(exit(Duration.ofSeconds(20))).isPresent();
    }

    /** It stands still and knows nothing of it. */
    void pause() {
        docker.pauseContainerCmd(id).exec();
    }

    void goOn() {
        docker.unpauseContainerCmd(id).exec();
    }

    /** Its connections hang: nobody says that they are over. */
    void cut() {
        docker.disconnectFromNetworkCmd()
                .withContainerId(id)
                .withNetworkId(network.id())
                .exec();
    }

    void mend() {
        docker.connectToNetworkCmd()
                .withContainerId(id)
                .withNetworkId(network.id())
                .exec();
    }

    /** {@code SIGTERM}; it must end well, and in time. */
    Duration stop() {
        long began = System.nanoTime();
        docker.stopContainerCmd(id).withTimeout(60).exec();
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        assertThat(state().getExitCodeLong()).as(this::log).isZero();
        assertThat(took).isLessThanOrEqualTo(LONGEST_STOP);
        return took;
    }

    /** How it ended by itself. */
    OptionalLong exit(Duration patience) {
        return Pause.until(() -> !Boolean.TRUE.equals(state().getRunning()), patience)
                ? OptionalLong.of(Objects.requireNonNull(state().getExitCodeLong()))
                : OptionalLong.empty();
    }

    /** Resident memory of the process itself, without what the kernel caches for it. */
    long resident() throws IOException {
        Long pid = Objects.requireNonNull(state().getPidLong());
        return Files.readAllLines(Path.of("/proc", pid.toString(), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                .findFirst()
                .orElseThrow();
    }

    private ContainerState state() {
        return docker.inspectContainerCmd(id).exec().getState();
    }

    /** How often it logged that. */
    long logged(String what) {
        return lines("all").lines().filter(line -> line.contains(what)).count();
    }

    /** Its last lines. */
    String log() {
        return lines("40");
    }

    private String lines(String tail) {
        try {
            return new ProcessBuilder("docker", "logs", "--tail", tail, id)
                    .redirectErrorStream(true)
                    .start()
                    .inputReader()
                    .lines()
                    .collect(Collectors.joining("\n"));
        } catch (IOException e) {
            return "no log: " + e;
        }
    }

    @Override
    public void close() {
        docker.removeContainerCmd(id).withForce(true).exec();
    }
}
