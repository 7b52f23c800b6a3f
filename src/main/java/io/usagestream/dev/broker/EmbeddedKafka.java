package io.usagestream.dev.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A real Kafka cluster in this JVM: KRaft, each node broker and controller, on loopback only.
 *
 * <p>The ports are bound before a node starts, so that no other process can take them in between. A cluster in a named folder
 * survives a restart with its data and its cluster id.
 */
public final class EmbeddedKafka implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration ORDERLY_STOP = Duration.ofSeconds(3);

    private final Path folder;
    private final boolean temporary;
    private final List<KafkaNode> nodes;

    private EmbeddedKafka(Path folder, boolean temporary, List<KafkaNode> nodes) {
        this.folder = folder;
        this.temporary = temporary;
        this.nodes = nodes;
    }

    /**
     * Starts a cluster and waits until it serves.
     *
     * @throws IllegalStateException when it cannot start: a port or the folder is in use
     */
    public static EmbeddedKafka start(BrokerSettings settings) {
        QuietLogs.apply();
        Halts.endOnlyTheirThread();
        Path folder = folderOf(settings);
        EmbeddedKafka kafka = new EmbeddedKafka(folder, settings.folder().isEmpty(), new ArrayList<>(settings.nodes()));
        try {
            for (int id = 1; id <= settings.nodes(); id++) {
                NodeFolder home = new NodeFolder(id, folder.resolve("node-" + id));
                kafka.nodes.add(
                        settings.port() == 0
                                ? KafkaNode.bindAny(id, home)
                                : KafkaNode.bind(id, home, settings.port() + id - 1));
            }
            NodeFolder.format(kafka.nodes.stream().map(KafkaNode::folder).toList());
            kafka.nodes.forEach(node -> node.folder().rememberPort(node.port()));
            List<Voter> voters = kafka.nodes.stream().map(KafkaNode::voter).toList();
            kafka.nodes.forEach(node -> node.configure(voters, settings.properties()));
            kafka.together(KafkaNode::start, LIMIT);
            return kafka;
        } catch (RuntimeException e) {
            kafka.close();
            throw e;
        }
    }

    /** What clients put into {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return nodes.stream().map(node -> "127.0.0.1:" + node.port()).collect(Collectors.joining(","));
    }

    /** Stops a node in an orderly way: it hands its leaderships over first. Ids begin at 1. */
    public void stopNode(int id) {
        node(id).stop(ORDERLY_STOP);
    }

    /** Stops a node without handing anything over. */
    public void dropNode(int id) {
        node(id).stop(Duration.ZERO);
    }

    /** Starts a stopped node again, on its old port and with its old data. */
    public void startNode(int id) {
        node(id).start();
    }

    /** Waits until a node of this JVM has given up, as when its disk is full: it serves no more and does not come back by itself. */
    public static void awaitGivingUp() throws InterruptedException {
        Halts.await();
    }

    @Override
    public void close() {
        try {
            // nobody is left to hand anything over to
            together(node -> node.stop(Duration.ZERO), LIMIT);
        } finally {
            nodes.forEach(KafkaNode::release);
            if (temporary) {
                delete(folder);
            }
        }
    }

    private KafkaNode node(int id) {
        return nodes.get(id - 1);
    }

    /** Nodes start and stop at the same time: a quorum needs its majority. */
    private void together(Consumer<KafkaNode> step, Duration limit) {
        if (nodes.isEmpty()) {
            return;
        }
        ExecutorService threads = Executors.newFixedThreadPool(nodes.size());
        try {
            List<Future<?>> steps = new ArrayList<>();
            for (KafkaNode node : nodes) {
                steps.add(threads.submit(() -> step.accept(node)));
            }
            for (Future<?> done : steps) {
                done.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "the embedded broker failed: "
                            + Optional.ofNullable(e.getCause()).orElse(e).getMessage(),
                    e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("the embedded broker took longer than " + limit.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the embedded broker started or stopped", e);
        } finally {
            threads.shutdownNow();
        }
    }

    private static Path folderOf(BrokerSettings settings) {
        try {
            return settings.folder().isPresent()
                    ? Files.createDirectories(settings.folder().get())
                    : Files.createTempDirectory("usagestream-kafka");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create the broker's folder", e);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete the broker's temporary folder " + folder, e);
        }
    }
}
