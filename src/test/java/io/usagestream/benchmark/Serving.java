package io.usagestream.benchmark;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;

/** Serves an upstream of a benchmark on loopback; prints {@code base-url=…} when it does, and ends the process if it cannot. */
final class Serving {
    private Serving() {}

    static void on(Vertx vertx, Handler<HttpServerRequest> upstream) {
        vertx.createHttpServer()
                .requestHandler(upstream)
                .listen(0, "127.0.0.1")
                .onSuccess(server -> System.out.println("base-url=http://127.0.0.1:" + server.actualPort() + "/v1"))
                .onFailure(e -> {
                    e.printStackTrace();
                    Runtime.getRuntime().halt(1);
                });
    }
}
