package io.usagestream.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.ops.health.ProbeAnswer;
import io.usagestream.ops.http.OperationsVerticle;
import io.usagestream.ops.http.Views;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages that go through every stream, of which there may be thirty thousand: lanes share the event loops with them. */
final class LargePagesTest {
    private final List<String> onEventLoop = Collections.synchronizedList(new ArrayList<>());

    @ParameterizedTest
    @ValueSource(strings = {"/health", "/api/status", "/api/events", "/metrics"})
    void areNotWrittenOnAnEventLoop(String path) throws Exception {
        Supplier<ProbeAnswer> good = () -> new ProbeAnswer(List.of());
        Views views = new Views(
                good,
                good,
                written("state"),
                written("news"),
                written("health"),
                written("metrics"),
                System::nanoTime,
                parameters -> Future.failedFuture("not asked for"));
        OperationsVerticle verticle = new OperationsVerticle("127.0.0.1", 0, Optional.empty(), views);
        Vertx vertx = Vertx.vertx();
        try {
            await(vertx.deployVerticle(verticle));
            URI page = URI.create("http://127.0.0.1:" + verticle.port() + path);
            HttpResponse<Stream<String>> answer = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofLines());
            assertThat(answer.statusCode()).isEqualTo(200);
            long states = path.equals("/api/events") ? 3 : 1; // the first one, and those of two turns
            assertThat(answer.body().filter(line -> line.contains("{}")).limit(states))
                    .hasSize((int) states);
            assertThat(onEventLoop).isEmpty();
        } finally {
            await(vertx.close());
        }
    }

    private Supplier<String> written(String name) {
        return () -> {
            if (Context.isOnEventLoopThread()) {
                onEventLoop.add(name);
            }
            return "{}";
        };
    }

    private static <T> void await(Future<T> future) throws Exception {
        future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
