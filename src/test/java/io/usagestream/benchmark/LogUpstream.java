package io.usagestream.benchmark;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Scenario's activity, in pages of a hundred, newest first: one event every so often, for ever. Any key is a good one. A process of its
 * own; it prints {@code base-url=…} when it serves.
 *
 * <p>Arguments: milliseconds between two events, milliseconds until an answer begins.
 */
public final class LogUpstream {
    /** Events on a page. */
    static final int PAGE = 100;

    private final Vertx vertx = Vertx.vertx();
    private final long every;
    private final long latency;

    private LogUpstream(long every, long latency) {
        this.every = every;
        this.latency = latency;
    }

    public static void main(String[] arguments) {
        LogUpstream upstream = new LogUpstream(Long.parseLong(arguments[0]), Long.parseLong(arguments[1]));
        Serving.on(upstream.vertx, upstream::answer);
    }

    private void answer(HttpServerRequest request) {
        Serving.after(
                vertx,
                latency,
                request,
                () -> page(
                        Instant.parse(request.getParam("startDate")).toEpochMilli(),
                        Math.min(
                                Instant.parse(request.getParam("endDate")).toEpochMilli(),
                                Instant.now().toEpochMilli()),
                        Long.parseLong(request.getParam("activityOffset"))));
    }

    /** Both ends belong to what is asked for. */
    private Buffer page(long from, long to, long offset) {
        StringBuilder page = new StringBuilder("{\"activity\":[");
        long first = -Math.floorDiv(-from, every);
        long last = Math.floorDiv(to, every);
        long newest = last - offset;
        for (long event = newest; event >= first && event > newest - PAGE; event--) {
            page.append(event == newest ? "" : ",")
                    .append("{\"action\":\"asset-generation\",\"data\":{\"assetId\":\"asset_")
                    .append(event)
                    .append("\",\"jobId\":\"job_")
                    .append(event / 4)
                    .append("\",\"modelId\":\"model_")
                    .append(event % 17)
                    .append("\",\"isApiKey\":true},\"projectId\":\"proj_")
                    .append(event % 3)
                    .append("\",\"userId\":\"user_")
                    .append(event % 29)
                    .append("\",\"time\":\"")
                    .append(Instant.ofEpochMilli(event * every).truncatedTo(ChronoUnit.MILLIS))
                    .append("\",\"creativeUnitsCost\":")
                    .append(event % 40)
                    .append("}");
        }
        return Buffer.buffer(page.append("]}").toString());
    }
}
