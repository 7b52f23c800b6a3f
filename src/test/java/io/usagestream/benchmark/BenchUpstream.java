package io.usagestream.benchmark;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Locale;

/**
 * An upstream that costs next to nothing: OpenAI's completions with rows written beforehand, the same in every hour. Any key is a good
 * one. A process of its own; it prints {@code base-url=…} when it serves.
 *
 * <p>Arguments: rows an hour, milliseconds until an answer begins.
 */
public final class BenchUpstream {
    private static final long HOUR = 3_600;
    private static final String[] MODELS = {
        "gpt-4o-2024-08-06", "gpt-4o-mini-2024-07-18", "o3-2025-04-16", "gpt-4.1-nano-2025-04-14"
    };

    private final Vertx vertx = Vertx.vertx();
    private final Buffer rows;
    private final long latency;

    private BenchUpstream(int rowsAnHour, Duration latency) {
        this.rows = rows(rowsAnHour);
        this.latency = latency.toMillis();
    }

    public static void main(String[] arguments) {
        BenchUpstream upstream =
                new BenchUpstream(Integer.parseInt(arguments[0]), Duration.ofMillis(Long.parseLong(arguments[1])));
        Serving.on(upstream.vertx, upstream::answer);
    }

    private void answer(HttpServerRequest request) {
        Serving.after(vertx, latency, request, () -> page(PageAsked.of(request, HOUR)));
    }

    private Buffer page(PageAsked asked) {
        int hours = (int) ((asked.to() - asked.from()) / HOUR);
        Buffer page = Buffer.buffer((rows.length() + 120) * Math.max(1, hours) + 100)
                .appendString("{\"object\":\"page\",\"data\":[");
        for (long hour = asked.from(); hour < asked.to(); hour += HOUR) {
            page.appendString(hour == asked.from() ? "" : ",", "US-ASCII")
                    .appendString("{\"object\":\"bucket\",\"start_time\":" + hour + ",\"end_time\":" + (hour + HOUR)
                            + ",\"results\":[")
                    .appendBuffer(rows)
                    .appendString("]}");
        }
        return page.appendString(asked.rest());
    }

    /** Some 400 bytes each, like a busy organization's. */
    private static Buffer rows(int count) {
        StringBuilder rows = new StringBuilder();
        for (int row = 0; row < count; row++) {
            rows.append(row == 0 ? "" : ",")
                    .append(String.format(
                            Locale.ROOT,
                            "{\"object\":\"organization.usage.completions.result\",\"input_tokens\":%d,\"output_tokens\":%d,"
                                    + "\"input_cached_tokens\":%d,\"input_audio_tokens\":0,\"output_audio_tokens\":0,"
                                    + "\"num_model_requests\":%d,\"project_id\":\"proj_%024x\",\"user_id\":\"user-%024x\","
                                    + "\"api_key_id\":\"key_%024x\",\"model\":\"%s\",\"batch\":false,\"service_tier\":\"default\"}",
                            100_000 + 7_919L * row,
                            20_000 + 104_729L * row,
                            50_000 + 31L * row,
                            10 + row,
                            0x5DEECE66DL * (row / 3 + 1),
                            0x2545F4914F6CDD1DL / (row / 2 + 1),
                            0x369DEA0F31A53F85L / (row + 1),
                            MODELS[row % MODELS.length]));
        }
        return Buffer.buffer(rows.toString().getBytes(US_ASCII));
    }
}
