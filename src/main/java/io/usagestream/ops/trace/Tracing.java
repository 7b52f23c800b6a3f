package io.usagestream.ops.trace;

import io.opentelemetry.api.OpenTelemetry;
import io.usagestream.ingest.Observer;
import io.usagestream.stream.Split;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.Map;

/** Everything that makes traces, put together: it hears of turns and commits as an {@link #observer}, of requests from {@link #vertx}. */
public final class Tracing implements AutoCloseable {
    private final TurnSpans turns;
    private final Runnable flush;

    /**
     * @param telemetry where spans go
     * @param flush sends what has not been sent yet, and ends
     */
    public Tracing(OpenTelemetry telemetry, InstantSource clock, Runnable flush) {
        this.turns = new TurnSpans(telemetry, clock);
        this.flush = flush;
    }

    /** A Vert.x whose requests upstream have spans. */
    public Vertx vertx() {
        return Vertx.builder().withTracer(options -> new RequestSpans(turns)).build();
    }

    /** To be told of the work. */
    public Observer observer() {
        return turns;
    }

    /** What the records of a split carry now, by header. */
    public Map<String, String> headers(Split split) {
        return turns.headers(split);
    }

    @Override
    public void close() {
        turns.end();
        flush.run();
    }
}
