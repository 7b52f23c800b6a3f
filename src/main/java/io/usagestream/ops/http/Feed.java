package io.usagestream.ops.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Server-sent events: the state of now at once, then whenever it has changed, at most once a second. A reader that is slow misses
 * states, not the last one; nothing is queued for it. States are written down beside the event loop: there may be thirty thousand
 * streams to look through.
 */
final class Feed {
    /** Readers at once. */
    static final int MOST = 64;

    private static final long EVERY_MS = 1_000;

    /** Turns without news after which a comment keeps the connection open through proxies. */
    private static final int QUIET_TURNS = 10;

    private final Vertx vertx;
    private final LongSupplier version;
    private final Supplier<String> state;
    private final Set<HttpServerResponse> readers = new LinkedHashSet<>();
    private long shown = -1;
    private int quiet;
    private boolean writing;
    private long timer = -1;

    /**
     * @param version rises when the state changes
     * @param state the state as one line of JSON
     */
    Feed(Vertx vertx, LongSupplier version, Supplier<String> state) {
        this.vertx = vertx;
        this.version = version;
        this.state = state;
    }

    /** Answers a request with the feed. */
    void open(RoutingContext ctx) {
        if (readers.size() >= MOST) {
            ctx.response().putHeader("Retry-After", "30").setStatusCode(503).end("too many readers");
            return;
        }
        HttpServerResponse response = ctx.response();
        response.setChunked(true)
                .putHeader("Content-Type", "text/event-stream; charset=utf-8")
                .putHeader("X-Accel-Buffering", "no");
        response.closeHandler(closed -> leave(response));
        response.exceptionHandler(failed -> leave(response));
        readers.add(response);
        response.write("retry: 2000\n\n");
        event().onSuccess(event -> write(response, event)).onFailure(ctx::fail);
        if (timer < 0) {
            timer = vertx.setPeriodic(EVERY_MS, fired -> turn());
        }
    }

    void close() {
        stop();
        Set.copyOf(readers).forEach(HttpServerResponse::end);
        readers.clear();
    }

    private void leave(HttpServerResponse reader) {
        readers.remove(reader);
        if (readers.isEmpty()) {
            stop();
        }
    }

    private void stop() {
        if (timer >= 0) {
            vertx.cancelTimer(timer);
            timer = -1;
        }
    }

    private void turn() {
        long now = version.getAsLong();
        boolean news = now != shown || ++quiet >= QUIET_TURNS;
        if (!news || writing) {
            return;
        }
        shown = now;
        quiet = 0;
        writing = true;
        event().onComplete(event -> {
            writing = false;
            if (event.succeeded()) {
                Set.copyOf(readers).forEach(reader -> write(reader, event.result()));
            }
        });
    }

    private Future<String> event() {
        return vertx.executeBlocking(() -> "event: status\ndata: " + state.get() + "\n\n", false);
    }

    private static void write(HttpServerResponse reader, String event) {
        if (!reader.writeQueueFull() && !reader.ended() && !reader.closed()) {
            reader.write(event);
        }
    }
}
