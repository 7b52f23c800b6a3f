package io.usagestream.hostile;

import static io.usagestream.hostile.Row.quarantine;
import static io.usagestream.hostile.Row.request;
import static io.usagestream.hostile.Row.window;

import io.usagestream.stream.Reason;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What the provider of series and of an offset log does wrong. */
final class ScenarioRows {
    private static final int DAY_HOURS = 24;

    private ScenarioRows() {}

    static List<Row> all() {
        return List.of(
                new Row(
                        "40",
                        "text-numbers",
                        "usages",
                        quarantine(Reason.BAD_NUMBER),
                        "point quarantined, its neighbours published",
                        true,
                        "",
                        (asked, reply) -> reply.json(series(asked, "1h", hour -> hour == 0 ? "１２" : "" + Page.KEPT))),
                new Row(
                        "49",
                        "shifting-list",
                        "activity",
                        window(Reason.UNSTABLE_LISTING),
                        "read again, then the slice stays open",
                        false,
                        "",
                        (asked, reply) -> reply.json(shifting(asked))),
                new Row(
                        "52",
                        "granularity",
                        "usages",
                        window(Reason.GRANULARITY_CHANGED),
                        "window failed, nothing published",
                        false,
                        "",
                        (asked, reply) -> reply.json(series(asked, "15m", hour -> "" + Page.NEVER))),
                new Row(
                        "54",
                        "no-section",
                        "usages",
                        request(Reason.SECTION_MISSING),
                        "window failed, nothing published",
                        false,
                        "",
                        (asked, reply) -> reply.json("{\"entities\":{\"users\":[{\"id\":\"u\",\"email\":\""
                                + asked.canaries().mail() + "\"}]}}")),
                new Row(
                        "1",
                        "basic",
                        "usages",
                        request(Reason.AUTH_REJECTED),
                        "key read again, one retry, source halted",
                        false,
                        "",
                        (asked, reply) -> reply.status(
                                401, "{\"message\":\"" + asked.canaries().everything() + "\"}")));
    }

    static String good(Asked asked, long value) {
        return asked.parameter("type").contains("activity")
                ? "{\"activity\":[]}"
                : series(asked, "1h", hour -> "" + value);
    }

    private static String series(Asked asked, String granularity, java.util.function.IntFunction<String> value) {
        Instant day = Instant.parse(asked.parameter("startDate")).truncatedTo(ChronoUnit.DAYS);
        String points = IntStream.range(0, DAY_HOURS)
                .filter(hour -> day.plus(hour, ChronoUnit.HOURS).isBefore(Instant.now()))
                .mapToObj(hour -> "{\"apiKey\":\"0\",\"value\":\"" + value.apply(hour) + "\",\"time\":\""
                        + day.plus(hour, ChronoUnit.HOURS) + "\"}")
                .collect(Collectors.joining(","));
        return "{\"usages\":[{\"usageName\":\"captioning\",\"granularity\":\"" + granularity + "\",\"points\":["
                + points
                + "]}],\"entities\":{\"users\":[{\"id\":\"u\",\"email\":\""
                + asked.canaries().mail()
                + "\"}],\"jobs\":[{" + asked.canaries().noise() + "}]}}";
    }

    /** A list that never shows the same twice: pages of twenty of which the first events come and go. */
    private static String shifting(Asked asked) {
        Instant from = Instant.parse(asked.parameter("startDate"));
        int offset = Integer.parseInt(asked.parameter("activityOffset"));
        int shift = asked.times();
        return "{\"activity\":["
                + IntStream.range(0, 20)
                        .mapToObj(i ->
                                "{\"action\":\"a" + (offset + i + shift * 7) + "\",\"projectId\":\"p\",\"userId\":\""
                                        + asked.canaries().mail() + "\",\"data\":{"
                                        + asked.canaries().noise() + "},\"time\":\""
                                        + from.plusMillis(i) + "\"}")
                        .collect(Collectors.joining(","))
                + "]}";
    }
}
