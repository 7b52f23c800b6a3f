package io.usagestream.hostile;

import static io.usagestream.hostile.Row.refused;
import static io.usagestream.hostile.Row.request;
import static io.usagestream.hostile.Row.survived;
import static io.usagestream.source.http.RawServer.answer;

import io.usagestream.stream.Reason;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/** Rows 1 to 19: statuses, headers, connections, bodies. */
final class WireRows {
    private static final String HALTED = "source halted, others go on";
    private static final String FAILED = "window failed, nothing published";

    private WireRows() {}

    /**
     * @param closedPort where nobody listens
     * @param plainPort where somebody listens who knows no TLS
     * @param stranger where a redirect leads
     */
    static List<Row> all(int closedPort, int plainPort, String stranger) {
        List<Row> rows = new ArrayList<>();
        statuses(rows);
        throttles(rows);
        connections(rows, closedPort, plainPort);
        bodies(rows, stranger);
        return rows;
    }

    private static void statuses(List<Row> rows) {
        rows.add(refused(
                "1",
                "key",
                Reason.AUTH_REJECTED,
                "key read again, one retry, " + HALTED,
                (asked, reply) ->
                        reply.status(401, Page.error(asked, "invalid_api_key", "Incorrect API key provided"))));
        rows.add(refused(
                "2",
                "scope",
                Reason.FORBIDDEN,
                HALTED,
                (asked, reply) -> reply.status(403, Page.error(asked, "x", "Missing scopes: api.usage.read"))));
        rows.add(refused(
                "3",
                "absent",
                Reason.NOT_FOUND,
                "stream stopped, probed hourly",
                (asked, reply) -> reply.status(404, Page.error(asked, "x", "no such thing"))));
        rows.add(refused(
                "4",
                "bad-request",
                Reason.BAD_REQUEST,
                "stream stopped",
                (asked, reply) -> reply.status(400, Page.error(asked, "bad", "no"))));
        rows.add(refused(
                "4",
                "unprocessable",
                Reason.BAD_REQUEST,
                "stream stopped",
                (asked, reply) -> reply.status(422, "<html>" + asked.canaries().everything())));
        rows.add(new Row(
                "4",
                "cursor",
                "completions",
                request(Reason.BAD_REQUEST),
                "resumed at the last good bucket's end, published",
                true,
                "",
                WireRows::refusedCursor));
        for (int status : new int[] {408, 425}) {
            rows.add(survived(
                    "5", "s" + status, Reason.TIMEOUT_STATUS, "retried", (asked, reply) -> reply.status(status, "{}")));
        }
        rows.add(survived("5", "s409", Reason.CONFLICT, "retried", (asked, reply) -> reply.status(409, "{}")));
        for (int status : new int[] {500, 502, 503, 504, 529}) {
            rows.add(survived(
                    "10",
                    "s" + status,
                    Reason.SERVER_ERROR,
                    "retried with jitter",
                    (asked, reply) -> reply.status(status, asked.canaries().everything())));
        }
        rows.add(refused(
                "10",
                "no-retry",
                Reason.SERVER_ERROR,
                "not retried within the window",
                (asked, reply) -> reply.status(500, "{}", "x-should-retry: false")));
    }

    private static void refusedCursor(Asked asked, Reply reply) throws java.io.IOException {
        if (asked.withCursor()) {
            reply.status(
                    400, Page.error(asked, "invalid_request_error", "The page token is invalid, have you modified it"));
            return;
        }
        List<Long> hours = asked.hours();
        boolean more = hours.size() > 1;
        reply.json(Page.page(
                hours.subList(0, 1),
                hour -> Page.row(asked, "\"input_tokens\":" + Page.KEPT),
                more,
                more ? "\"page_" + asked.start() + asked.canaries().everything() + "\"" : "null"));
    }

    private static void throttles(List<Row> rows) {
        String heeded = "waited as told";
        rows.add(survived("6", "seconds", Reason.RATE_LIMITED, heeded, throttle("Retry-After: 2")));
        rows.add(survived("7", "date", Reason.RATE_LIMITED, heeded + ", by upstream's clock", (asked, reply) -> {
            // upstream's clock is an hour off: only the distance between its own two times counts
            Instant theirs = Instant.now().minusSeconds(3_600);
            reply.status(
                    429,
                    Page.error(asked, "rate_limit_exceeded", "slow down"),
                    "Date: " + http(theirs),
                    "Retry-After: " + http(theirs.plusSeconds(2)));
        }));
        rows.add(survived(
                "8", "millis", Reason.RATE_LIMITED, heeded, throttle("retry-after-ms: 2000", "Retry-After: 9")));
        rows.add(survived("8", "none", Reason.RATE_LIMITED, "waited with jitter", throttle()));
        rows.add(survived("8", "garbage", Reason.RATE_LIMITED, "waited with jitter", throttle("Retry-After: -soon")));
        rows.add(refused(
                "8",
                "huge",
                Reason.RATE_LIMITED,
                "wait clamped to an hour, visible",
                throttle("Retry-After: 99999999")));
        rows.add(survived(
                "9",
                "quota",
                Reason.QUOTA,
                "waited",
                (asked, reply) -> reply.status(429, Page.error(asked, "insufficient_quota", "pay"))));
    }

    private static Reply.Script throttle(String... headers) {
        return (asked, reply) -> reply.status(429, Page.error(asked, "rate_limit_exceeded", "slow down"), headers);
    }

    private static String http(Instant time) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(time.atOffset(ZoneOffset.UTC));
    }

    private static void connections(List<Row> rows, int closedPort, int plainPort) {
        rows.add(elsewhere("refused", Reason.CONNECT, "http://127.0.0.1:" + closedPort + "/v1"));
        rows.add(elsewhere("no-such-host", Reason.DNS, "https://nowhere.invalid/v1"));
        rows.add(elsewhere("no-tls", Reason.TLS, "https://127.0.0.1:" + plainPort + "/v1"));
        rows.add(survived(
                "11",
                "hung-up",
                Reason.CONNECT,
                "retried",
                (asked, reply) -> reply.socket().close()));
        rows.add(survived("12", "short", Reason.TRUNCATED_BODY, "page discarded", (asked, reply) -> {
            reply.raw(answer(200, "application/json", 5_000) + Page.good(asked, Page.NEVER));
            reply.socket().close();
        }));
        rows.add(survived("12", "reset", Reason.TRUNCATED_BODY, "page discarded", (asked, reply) -> {
            reply.raw(answer(200, "application/json", 50_000) + Page.good(asked, Page.NEVER));
            Thread.sleep(200); // a reset overtakes what was not read
            reply.reset();
        }));
        rows.add(survived("12", "chunks", Reason.TRUNCATED_BODY, "page discarded", (asked, reply) -> {
            reply.raw(
                    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n{}");
            reply.socket().close();
        }));
        rows.add(refused(
                "13",
                "silent",
                Reason.TIMEOUT,
                "connection closed after 30 s",
                (asked, reply) -> Thread.sleep(600_000)));
        rows.add(refused(
                "13",
                "slow-head",
                Reason.TIMEOUT,
                "connection closed after 30 s",
                (asked, reply) -> reply.drip("HTTP/1.1 200 OK\r\nX-A: " + "b".repeat(2_000))));
    }

    private static Row elsewhere(String name, Reason reason, String base) {
        return new Row(
                "11", name, "completions", request(reason), "retried, less and less often", false, base, (a, r) -> {});
    }

    private static void bodies(List<Row> rows, String stranger) {
        rows.add(survived("14", "cut-json", Reason.MALFORMED_JSON, "page discarded", (asked, reply) -> {
            String page = Page.good(asked, Page.NEVER);
            reply.json(page.substring(0, page.length() * 2 / 3));
        }));
        rows.add(survived(
                "15",
                "error-200",
                Reason.ERROR_BODY,
                "not taken for an empty page",
                (asked, reply) -> reply.json(Page.error(asked, "server_error", "sorry"))));
        rows.add(survived("16", "html", Reason.UNEXPECTED_CONTENT_TYPE, "page discarded", (asked, reply) -> {
            String html = "<html>" + asked.canaries().everything();
            reply.raw(answer(200, "text/html", html.length()) + html);
        }));
        for (String nothing : List.of("", "[]", "null", "{}")) {
            String name = nothing.isEmpty()
                    ? "empty"
                    : nothing.equals("[]") ? "list" : nothing.equals("{}") ? "object" : "null";
            rows.add(refused("17", name, Reason.MALFORMED_JSON, FAILED, (asked, reply) -> reply.json(nothing)));
        }
        for (String encoding : List.of("br", "zstd")) {
            rows.add(refused(
                    "18",
                    encoding,
                    Reason.UNEXPECTED_CONTENT_TYPE,
                    FAILED,
                    (asked, reply) -> reply.json(Page.good(asked, Page.NEVER), "Content-Encoding: " + encoding)));
        }
        rows.add(refused(
                "19",
                "s204",
                Reason.UNEXPECTED_STATUS,
                FAILED,
                (asked, reply) -> reply.raw("HTTP/1.1 204 No Content\r\n\r\n")));
        rows.add(refused(
                "19",
                "s206",
                Reason.UNEXPECTED_STATUS,
                FAILED,
                (asked, reply) -> reply.status(206, Page.good(asked, Page.NEVER))));
        rows.add(refused(
                "19",
                "redirect",
                Reason.REDIRECT_REFUSED,
                "not followed: the stranger was not asked",
                (asked, reply) -> reply.status(307, "", "Location: " + stranger)));
    }
}
