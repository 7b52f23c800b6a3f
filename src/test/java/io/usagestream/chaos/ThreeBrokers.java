package io.usagestream.chaos;

import io.usagestream.dev.broker.NodeProcess;
import io.usagestream.it.KafkaProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Three brokers, of which one after the other is killed: from the first strike on one is always down, but for the time that it needs
 * to come back before the next one goes. Everything is kept three times, and two have to have it.
 */
final class ThreeBrokers implements Cluster {
    private static final int NODES = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path folder;
    private final Path shared;
    private final Child[] nodes = new Child[NODES];
    private final String bootstrapServers;
    private int starts;
    /** The node that is down, from 1; 0 when none is. */
    private int down;

    ThreeBrokers(Path folder) {
        this.folder = folder;
        this.shared = folder.resolve("kafka");
        try {
            Files.createDirectories(shared);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        IntStream.rangeClosed(1, NODES).forEach(this::launch);
        bootstrapServers =
                IntStream.rangeClosed(1, NODES).mapToObj(this::awaitAddress).collect(Collectors.joining(","));
    }

    private void launch(int id) {
        nodes[id - 1] = Child.start(
                folder,
                "broker-" + id + "-" + starts++,
                "256m",
                NodeProcess.class.getName(),
                List.of(String.valueOf(id), shared.toString()));
    }

    private String awaitAddress(int id) {
        return nodes[id - 1].printed("bootstrap.servers=", PATIENCE);
    }

    @Override
    public String bootstrapServers() {
        return bootstrapServers;
    }

    @Override
    public Optional<KafkaProxy> proxy() {
        return Optional.empty();
    }

    @Override
    public int lostAnswers() {
        return 0;
    }

    @Override
    public void strike(Runnable meanwhile) {
        int next = down % NODES + 1;
        heal();
        nodes[next - 1].kill();
        down = next;
        meanwhile.run();
    }

    /** The dead one is there again and has caught up with the others: another may go. */
    @Override
    public void heal() {
        if (down > 0) {
            launch(down);
            awaitAddress(down);
            if (!Pause.until(
                    () -> Topics.fewestInSync(Map.of("bootstrap.servers", bootstrapServers)) == NODES, PATIENCE)) {
                throw new AssertionError("broker " + down + " does not catch up, see " + folder);
            }
            down = 0;
        }
    }

    @Override
    public void close() {
        Arrays.stream(nodes).forEach(Child::close);
    }
}
