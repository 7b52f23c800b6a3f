package io.usagestream.ops.trace;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.usagestream.ingest.Observer;
import io.usagestream.sink.Batch;
import io.usagestream.stream.Split;
import io.usagestream.stream.Window;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A span of every turn: a trace of its own, from the first request for a window to its commit. A split has one turn at a time and reads
 * one window ahead of it at most, so its name is enough to find the span that something belongs to.
 */
final class TurnSpans implements Observer {
    private final Tracer tracer;
    private final InstantSource clock;
    private final Map<String, Span> turns = new ConcurrentHashMap<>();
    private final Map<String, Ahead> ahead = new ConcurrentHashMap<>();

    /** The span of a turn that has not begun, but whose window is being read. */
    private record Ahead(Window window, Span span) {}

    TurnSpans(OpenTelemetry telemetry, InstantSource clock) {
        this.tracer = telemetry.getTracer("io.usagestream");
        this.clock = clock;
    }

    /** A span of a request of a split, not yet started: of the turn that its window is read for. */
    Optional<SpanBuilder> request(String split, String name) {
        return Optional.ofNullable(ahead.get(split))
                .map(Ahead::span)
                .or(() -> Optional.ofNullable(turns.get(split)))
                .map(turn -> below(turn, name));
    }

    private SpanBuilder below(Span turn, String name) {
        return tracer.spanBuilder(name).setParent(Context.root().with(turn));
    }

    /** What a record carries that is published in a split's turn: W3C trace context by header. */
    Map<String, String> headers(Split split) {
        Map<String, String> headers = new HashMap<>();
        Optional.ofNullable(turns.get(split.name()))
                .ifPresent(turn -> W3CTraceContextPropagator.getInstance()
                        .inject(Context.root().with(turn), headers, (into, name, value) -> {
                            if (into != null) {
                                into.put(name, value);
                            }
                        }));
        return headers;
    }

    /** Ends the spans of turns that were cut off. */
    void end() {
        turns.values().forEach(Span::end);
        turns.clear();
        ahead.values().forEach(next -> next.span().end());
        ahead.clear();
    }

    @Override
    public void ahead(Split split, Window window) {
        Ahead next = new Ahead(window, started(split, window));
        Optional.ofNullable(ahead.put(split.name(), next))
                .ifPresent(old -> old.span().end());
    }

    @Override
    public void turn(Split split, Window window) {
        Optional<Ahead> begun = Optional.ofNullable(ahead.remove(split.name()));
        // one that was read for another window was cut off: its lane was lost
        begun.filter(next -> !next.window().equals(window))
                .ifPresent(next -> next.span().end());
        Span turn = begun.filter(next -> next.window().equals(window))
                .map(Ahead::span)
                .orElseGet(() -> started(split, window));
        Optional.ofNullable(turns.put(split.name(), turn)).ifPresent(Span::end);
    }

    private Span started(Split split, Window window) {
        return tracer.spanBuilder("turn")
                .setNoParent()
                .setSpanKind(SpanKind.INTERNAL)
                .setAttribute("usagestream.source", split.source())
                .setAttribute("usagestream.stream", split.stream())
                .setAttribute("usagestream.window.from", window.from().toString())
                .setAttribute("usagestream.window.to", window.to().toString())
                .startSpan();
    }

    @Override
    public void turned(Split split, Optional<String> failure) {
        Optional.ofNullable(turns.remove(split.name())).ifPresent(turn -> {
            failure.ifPresent(reason -> turn.setStatus(StatusCode.ERROR, reason));
            turn.end();
        });
    }

    @Override
    public void committed(int lane, List<Batch> batches, Duration took) {
        Instant end = clock.instant();
        for (Batch batch : batches) {
            Optional.ofNullable(turns.get(batch.split().name()))
                    .map(turn -> below(turn, "commit"))
                    .ifPresent(builder -> builder.setStartTimestamp(end.minus(took))
                            .setAttribute("usagestream.lane", lane)
                            .setAttribute(
                                    "usagestream.records", batch.publications().size())
                            .startSpan()
                            .end(end));
        }
    }
}
