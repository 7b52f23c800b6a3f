package io.usagestream.hostile;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What upstream says in JSON, sound until somebody spoils it. */
final class Page {
    static final long HOUR = 3_600;

    /** A number that must come out: in rows that are sound although upstream is not. */
    static final long KEPT = 777;

    /** A number that must never come out. */
    static final long NEVER = 666;

    private Page() {}

    /** A sound answer with one row an hour. */
    static String good(Asked asked, long tokens) {
        return page(asked.hours(), hour -> row(asked, "\"input_tokens\":" + tokens), false, "null");
    }

    /** A sound answer with three rows an hour: more rows a day than a rewriting of history needs to be called one. */
    static String many(Asked asked, long tokens) {
        String fields = "\"input_tokens\":" + tokens;
        return page(
                asked.hours(),
                hour -> row(asked, "a", fields) + "," + row(asked, "b", fields) + "," + row(asked, "c", fields),
                false,
                "null");
    }

    static String page(List<Long> hours, Function<Long, String> rows, boolean more, String cursor) {
        return closed(
                hours.stream()
                        .map(hour -> bucket(hour, hour + HOUR, rows.apply(hour)))
                        .toList(),
                more,
                cursor);
    }

    static String closed(List<String> buckets, boolean more, String cursor) {
        return "{\"object\":\"page\",\"data\":[" + String.join(",", buckets) + "],\"has_more\":" + more
                + ",\"next_page\":" + cursor + "}";
    }

    static String bucket(long start, long end, String rows) {
        return "{\"object\":\"bucket\",\"start_time\":" + start + ",\"end_time\":" + end + ",\"results\":[" + rows
                + "]}";
    }

    /** A row with those fields; its user is a person with a mail address. */
    static String row(Asked asked, String fields) {
        return row(asked, "gpt-5", fields);
    }

    static String row(Asked asked, String model, String fields) {
        return "{\"object\":\"organization.usage.completions.result\",\"output_tokens\":1,\"num_model_requests\":1,"
                + "\"project_id\":\"p\",\"model\":\"" + model + "\",\"user_id\":\""
                + asked.canaries().mail() + "\","
                + fields + "}";
    }

    /** A bad row beside a sound one, every hour. */
    static String beside(Asked asked, String badFields) {
        return page(
                asked.hours(),
                hour -> row(asked, "bad", badFields + "," + asked.canaries().noise()) + ","
                        + row(asked, "\"input_tokens\":" + KEPT),
                false,
                "null");
    }

    static String costs(Asked asked, String amount) {
        long day = asked.start() - Math.floorMod(asked.start(), 86_400);
        String sound =
                "{\"object\":\"organization.costs.result\",\"project_id\":\"p\",\"line_item\":\"sound\",\"amount\":"
                        + "{\"value\":\"" + KEPT + "\",\"currency\":\"usd\"}}";
        String odd = "{\"object\":\"organization.costs.result\",\"project_id\":\"p\",\"line_item\":\"odd\",\"amount\":"
                + amount + "}";
        return closed(
                java.util.stream.LongStream.iterate(day, d -> d < asked.end(), d -> d + 86_400)
                        .mapToObj(d -> bucket(d, d + 86_400, sound + "," + odd))
                        .collect(Collectors.toList()),
                false,
                "null");
    }

    static String error(Asked asked, String code, String message) {
        return "{\"error\":{\"type\":\"" + code + "\",\"code\":\"" + code + "\",\"param\":null,\"message\":\"" + message
                + " (" + asked.canaries().everything() + ")\"}}";
    }
}
