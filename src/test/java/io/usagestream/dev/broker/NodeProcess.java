package io.usagestream.dev.broker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/**
 * One node of a cluster of three as a process of its own, so that it can be killed while the others live. It prints
 * {@code bootstrap.servers=…} when it serves, and runs until it is signalled.
 *
 * <p>Arguments: its id, from 1 to 3, and a folder that the three share. There each leaves its ports at its first start and waits for
 * those of the others. They lie below those that systems give to outgoing connections: none of these takes the port of a dead node.
 */
public final class NodeProcess {
    private static final int NODES = 3;
    private static final int LOWEST = 15_000;
    private static final int HIGHEST = 30_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private NodeProcess() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        QuietLogs.apply();
        int id = Integer.parseInt(arguments[0]);
        Path shared = Path.of(arguments[1]);
        List<NodeFolder> folders = IntStream.rangeClosed(1, NODES)
                .mapToObj(n -> new NodeFolder(n, shared.resolve("node-" + n)))
                .toList();
        Path ports = ports(shared, id);
        KafkaNode node;
        if (Files.exists(ports)) {
            node = again(folders.get(id - 1), ports);
        } else {
            node = first(folders.get(id - 1));
            if (id == 1) {
                NodeFolder.format(folders); // before the others can know of it
            }
            Path draft = Files.writeString(
                    shared.resolve("draft-" + id),
                    node.port() + " " + node.voter().port());
            Files.move(draft, ports, StandardCopyOption.ATOMIC_MOVE);
        }
        node.configure(voters(shared), Map.of());
        node.start();
        System.out.println("bootstrap.servers=127.0.0.1:" + node.port());
        new CountDownLatch(1).await();
    }

    private static Path ports(Path shared, int id) {
        return shared.resolve("ports-" + id);
    }

    private static KafkaNode first(NodeFolder home) {
        IllegalStateException last = new IllegalStateException("no port is free");
        for (int attempt = 0; attempt < 100; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            try {
                return KafkaNode.bind(home.id(), home, port, port + 1);
            } catch (IllegalStateException e) {
                last = e;
            }
        }
        throw last;
    }

    private static KafkaNode again(NodeFolder home, Path ports) throws IOException {
        String[] known = Files.readString(ports).split(" ");
        return KafkaNode.bind(home.id(), home, Integer.parseInt(known[0]), Integer.parseInt(known[1]));
    }

    private static List<Voter> voters(Path shared) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (IntStream.rangeClosed(1, NODES).anyMatch(id -> Files.notExists(ports(shared, id)))) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("the other nodes do not come");
            }
            Thread.sleep(20);
        }
        Voter[] voters = new Voter[NODES];
        for (int id = 1; id <= NODES; id++) {
            voters[id - 1] = new Voter(
                    id, Integer.parseInt(Files.readString(ports(shared, id)).split(" ")[1]));
        }
        return List.of(voters);
    }
}
