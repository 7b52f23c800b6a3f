package io.usagestream.ops;

import io.usagestream.source.Secret;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A lively service over real HTTP, on a free port. */
final class Pages implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final LivelyService service = new LivelyService(InstantSource.system());
    private final HttpClient client = HttpClient.newHttpClient();
    private final int port;

    Pages(Optional<Secret> token) throws Exception {
        port = await(service.operations().deploy(vertx, "127.0.0.1", 0, token)).port();
    }

    LivelyService service() {
        return service;
    }

    Operations operations() {
        return service.operations();
    }

    String address() {
        return "http://127.0.0.1:" + port;
    }

    /** Has the service live through its history; its event loops tick in the present before this returns. */
    void begin() {
        service.begin();
        Awaitility.await().until(() -> get("/health/live").statusCode() == 200);
    }

    HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        return send("GET", path, headers);
    }

    HttpResponse<String> send(String method, String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address() + path))
                .method(method, HttpRequest.BodyPublishers.noBody());
        return client.send(
                headers.length == 0 ? request.build() : request.headers(headers).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() throws Exception {
        await(service.operations().undeploy(vertx));
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
