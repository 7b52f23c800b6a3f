package io.usagestream.ops.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.vertx.core.Context;
import io.vertx.core.spi.observability.HttpRequest;
import io.vertx.core.spi.observability.HttpResponse;
import io.vertx.core.spi.tracing.SpanKind;
import io.vertx.core.spi.tracing.TagExtractor;
import io.vertx.core.spi.tracing.VertxTracer;
import io.vertx.core.tracing.TracingPolicy;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Spans of requests upstream, out of Vert.x's tracing interface. A request names its split as its operation; others have no span. It
 * never adds a header to a request: who reads what is no business of upstream's.
 */
final class RequestSpans implements VertxTracer<Void, Span> {
    private final TurnSpans turns;

    RequestSpans(TurnSpans turns) {
        this.turns = turns;
    }

    @Override
    public <R> @Nullable Span sendRequest(
            Context context,
            SpanKind kind,
            TracingPolicy policy,
            R request,
            String operation,
            BiConsumer<String, String> headers,
            TagExtractor<R> tagExtractor) {
        if (!(request instanceof HttpRequest http)) {
            return null;
        }
        return turns.request(operation, http.method().name())
                .map(builder -> builder.setSpanKind(io.opentelemetry.api.trace.SpanKind.CLIENT)
                        .setAttribute("http.request.method", http.method().name())
                        .setAttribute("url.path", path(http.uri()))
                        .startSpan())
                .orElse(null);
    }

    @Override
    public <R> void receiveResponse(
            Context context,
            @Nullable R response,
            @Nullable Span span,
            @Nullable Throwable failure,
            TagExtractor<R> tagExtractor) {
        if (span == null) {
            return;
        }
        if (response instanceof HttpResponse http) {
            span.setAttribute("http.response.status_code", http.statusCode());
            if (http.statusCode() >= 400) {
                span.setStatus(StatusCode.ERROR);
            }
        }
        if (failure != null) {
            span.setStatus(StatusCode.ERROR, failure.getClass().getSimpleName());
        }
        span.end();
    }

    /** Without the query: filters may name people. */
    private static String path(String uri) {
        int query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }
}
