package io.usagestream.source.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.source.json.Redaction;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ManyAccountsTest {
    private static final Limits LIMITS = new Limits(
            Duration.ofMillis(500),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofMinutes(5),
            8 * 1024,
            1 << 20);
    private static final int REQUESTS = 1_000;
    private static final long ANSWER_MS = 300;

    /** There are 256 connections, so that the last ones wait for longer than a connection may take to be made. */
    @Test
    void aRequestThatWaitsForAConnectionHasNotFailedToConnect() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            int port = vertx.createHttpServer()
                    .requestHandler(request -> vertx.setTimer(
                            ANSWER_MS,
                            timer -> request.response()
                                    .putHeader("content-type", "application/json")
                                    .end("{}")))
                    .listen(0, "127.0.0.1")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(5, TimeUnit.SECONDS)
                    .actualPort();
            RefusalMeaning meaning =
                    new RefusalMeaning(new Redaction(List.of()), (refusal, message) -> Optional.empty());
            CarefulClient client = new CarefulClient(
                    vertx,
                    URI.create("http://127.0.0.1:" + port),
                    Optional.empty(),
                    LIMITS,
                    meaning,
                    Clock.systemUTC());

            List<Future<Answer>> answers = IntStream.range(0, REQUESTS)
                    .mapToObj(n -> client.get("test", "/" + n, "Bearer k"))
                    .toList();

            Future.join(answers)
                    .otherwiseEmpty()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS);
            assertThat(answers).allMatch(Future::succeeded);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
        }
    }
}
