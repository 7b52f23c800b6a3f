package io.usagestream.benchmark;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.function.Supplier;

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

    /** Answers so long after the request came; making the page is part of that. */
    static void after(Vertx vertx, long millis, HttpServerRequest request, Supplier<Buffer> page) {
        long came = System.nanoTime();
        HttpServerResponse answer = request.response().putHeader("content-type", "application/json");
        Buffer body = page.get();
        // timers ring up to a millisecond late
        long rest = millis - 1 - (System.nanoTime() - came) / 1_000_000;
        if (rest < 1) {
            answer.end(body);
        } else {
            vertx.setTimer(rest, timer -> answer.end(body));
        }
    }
}
