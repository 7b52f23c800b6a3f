package io.usagestream.source.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.source.json.Redaction;
import io.vertx.core.Vertx;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A connection is used again, but not for ever: the host may have moved, and nobody would look. */
class KeptConnectionTest {
    private static final Duration KEPT = Duration.ofMillis(500);
    private static final Duration LONG = Duration.ofSeconds(3);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

    @Test
    void a_connection_in_steady_use_has_a_successor_and_no_answer_suffers() throws Exception {
        Vertx vertx = Vertx.vertx();
        try (RawServer server = new RawServer((head, socket, out) -> {
            connections.add(socket);
            Thread.sleep(head.contains("/slow") ? LONG.toMillis() : 20);
            out.write(RawServer.json(200, "{}").getBytes(StandardCharsets.UTF_8));
            out.flush();
        })) {
            CarefulClient client = client(vertx, server);
            long began = System.nanoTime();
            Duration passed = Duration.ZERO;
            while (connections.size() < 3 && passed.compareTo(PATIENCE) < 0) {
                ask(client, "/quick");
                Thread.sleep(100); // far less than an idle connection is kept
                passed = Duration.ofNanos(System.nanoTime() - began);
            }
            assertThat(connections)
                    .as("connections in " + passed)
                    .hasSizeGreaterThan(2)
                    .hasSizeLessThanOrEqualTo(1 + (int) passed.dividedBy(KEPT));
            ask(client, "/slow");
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
        }
    }

    private static CarefulClient client(Vertx vertx, RawServer server) {
        Duration patience = Duration.ofSeconds(10);
        Limits limits = new Limits(patience, patience, patience, KEPT, 8 * 1024, 1 << 20);
        RefusalMeaning meaning = new RefusalMeaning(new Redaction(List.of()), (refusal, message) -> Optional.empty());
        return new CarefulClient(vertx, server.base(), Optional.empty(), limits, meaning, Clock.systemUTC());
    }

    private static void ask(CarefulClient client, String path) throws Exception {
        client.get("test", path, "Bearer k")
                .toCompletionStage()
                .toCompletableFuture()
                .get(15, TimeUnit.SECONDS);
    }
}
