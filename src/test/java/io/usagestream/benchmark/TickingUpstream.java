package io.usagestream.benchmark;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;

/**
 * An upstream for very many accounts that costs next to nothing: OpenAI's completions, embeddings and costs, buckets of any width, a
 * window on one page, rows that grow by {@link Ticks}. The key {@code sk-admin-n} is account n's. A process of its own; it prints
 * {@code base-url=…} when it serves.
 *
 * <p>Arguments: milliseconds between two pieces of usage of an account (0: nothing changes), rows a bucket, milliseconds until an
 * answer begins.
 */
public final class TickingUpstream {
    private static final String KEY = "Bearer sk-admin-";

    private final Vertx vertx = Vertx.vertx();
    private final Duration period;
    private final int rows;
    private final long latency;

    private TickingUpstream(Duration period, int rows, Duration latency) {
        this.period = period;
        this.rows = rows;
        this.latency = latency.toMillis();
    }

    public static void main(String[] arguments) {
        TickingUpstream upstream = new TickingUpstream(
                Duration.ofMillis(Long.parseLong(arguments[0])),
                Integer.parseInt(arguments[1]),
                Duration.ofMillis(Long.parseLong(arguments[2])));
        Serving.on(upstream.vertx, upstream::answer);
    }

    private void answer(HttpServerRequest request) {
        Serving.after(vertx, latency, request, () -> page(request));
    }

    private Buffer page(HttpServerRequest request) {
        long width = width(request.getParam("bucket_width"));
        PageAsked asked = PageAsked.of(request, width);
        String stream = request.path().substring(request.path().lastIndexOf('/') + 1);
        int account = Integer.parseInt(request.getHeader("authorization").substring(KEY.length()));
        Ticks ticks = Ticks.of(account, period);
        long now = System.currentTimeMillis();
        StringBuilder page = new StringBuilder("{\"object\":\"page\",\"data\":[");
        for (long bucket = asked.from(); bucket < asked.to(); bucket += width) {
            page.append(bucket == asked.from() ? "" : ",")
                    .append("{\"object\":\"bucket\",\"start_time\":")
                    .append(bucket)
                    .append(",\"end_time\":")
                    .append(bucket + width)
                    .append(",\"results\":[");
            rows(page, stream, account, ticks.shown(bucket * 1_000, (bucket + width) * 1_000, now));
            page.append("]}");
        }
        return Buffer.buffer(page.append(asked.rest()).toString());
    }

    private void rows(StringBuilder page, String stream, int account, long pieces) {
        for (int row = 0; row < rows && pieces > 0; row++) {
            page.append(row == 0 ? "" : ",").append("{\"object\":\"organization.");
            switch (stream) {
                case "costs" ->
                    page.append("costs.result\",\"amount\":{\"value\":\"0.0")
                            .append(pieces)
                            .append("\",\"currency\":\"usd\"},\"line_item\":\"gpt-5.4-2026-03-05, input\"");
                case "embeddings" ->
                    page.append("usage.embeddings.result\",\"input_tokens\":").append(pieces * 700);
                default ->
                    page.append("usage.completions.result\",\"input_tokens\":")
                            .append(pieces * 1_200)
                            .append(",\"output_tokens\":")
                            .append(pieces * 300)
                            .append(",\"batch\":false,\"service_tier\":\"default\"");
            }
            if (!stream.equals("costs")) {
                page.append(",\"num_model_requests\":")
                        .append(pieces)
                        .append(",\"user_id\":\"user-")
                        .append(account)
                        .append("\",\"api_key_id\":\"key_")
                        .append(row / 3)
                        .append("\",\"model\":\"gpt-5.4-2026-03-05\"");
            }
            page.append(",\"project_id\":\"proj_").append(row).append("\"}");
        }
    }

    /** In seconds. */
    private static long width(String name) {
        return switch (name) {
            case "1m" -> 60;
            case "1h" -> 3_600;
            default -> 86_400;
        };
    }
}
