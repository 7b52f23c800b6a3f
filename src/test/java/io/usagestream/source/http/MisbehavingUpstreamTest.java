package io.usagestream.source.http;

import static io.usagestream.source.http.RawServer.answer;
import static io.usagestream.source.http.RawServer.gzip;
import static io.usagestream.source.http.RawServer.json;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.usagestream.source.Failure;
import io.usagestream.source.Given;
import io.usagestream.source.Secret;
import io.usagestream.source.SourceSettings;
import io.usagestream.source.Upstream;
import io.usagestream.source.UpstreamException;
import io.usagestream.source.openai.OpenAi;
import io.usagestream.stream.Page;
import io.usagestream.stream.PageRequest;
import io.usagestream.stream.Reason;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.SelfSignedCertificate;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What upstream does wrong on the wire, and what comes of it: rows 1 to 19 of the catalogue of failures, and worse. */
class MisbehavingUpstreamTest {
    private static final Vertx VERTX = Vertx.vertx();
    private static final String KEY = "sk-admin-canary-0123456789";
    private static final Limits LIMITS = new Limits(
            Duration.ofMillis(800),
            Duration.ofMillis(700),
            Duration.ofMillis(1_500),
            Duration.ofMinutes(5),
            8 * 1024,
            2 << 20);
    private static final Limits PATIENT = new Limits(
            Duration.ofSeconds(20),
            Duration.ofSeconds(20),
            Duration.ofSeconds(20),
            Duration.ofMinutes(5),
            8 * 1024,
            2 << 20);
    private static final String GOOD = """
            {"object":"page","data":[],"has_more":false,"next_page":null}""";
    private static final String NOW = "Date: Thu, 19 Nov 2026 10:00:00 GMT";
    private static final List<String> TABLE = new ArrayList<>();

    private final OpenAi provider = new OpenAi(InstantSource.fixed(Instant.parse("2026-11-19T10:20:00Z")));

    @AfterAll
    static void close() throws Exception {
        VERTX.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
        TABLE.forEach(System.out::println);
    }

    private Upstream open(URI base, Secret key) {
        return open(base, key, LIMITS);
    }

    private Upstream open(URI base, Secret key, Limits limits) {
        SourceSettings settings =
                Given.source(provider, base, Map.of("admin-key", key), List.of(Given.stream(provider, "completions")));
        return provider.open(VERTX, settings, limits);
    }

    private Page ask(Upstream upstream) throws Exception {
        PageRequest request =
                new PageRequest.Buckets(Given.split(provider, "completions"), Given.ONE_DAY, 24, Optional.empty());
        try {
            return upstream.read(request)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw (Exception) e.getCause();
        }
    }

    private Failure failure(String row, URI base) throws Exception {
        return failure(row, base, LIMITS);
    }

    private Failure failure(String row, URI base, Limits limits) throws Exception {
        long begun = System.nanoTime();
        Upstream upstream = open(base, Secret.of(KEY), limits);
        try {
            Page page = ask(upstream);
            throw new AssertionError("no failure but " + page);
        } catch (UpstreamException e) {
            Failure failure = e.failure();
            long took = (System.nanoTime() - begun) / 1_000_000;
            TABLE.add(String.format(
                    "%-34s %-14s %-24s %5d ms  %s",
                    row, failure.getClass().getSimpleName(), failure.reason().word(), took, failure.message()));
            assertThat(failure.message())
                    .doesNotContain("canary")
                    .doesNotContain("\n")
                    .hasSizeLessThan(300);
            assertThat(took).isLessThan(limits.whole().toMillis() + 8_000);
            return failure;
        } finally {
            upstream.close();
        }
    }

    private Failure failure(String row, String said) throws Exception {
        return failure(row, said.getBytes(StandardCharsets.UTF_8));
    }

    private Failure failure(String row, byte[] said) throws Exception {
        try (RawServer server = RawServer.saying(said)) {
            return failure(row, server.base());
        }
    }

    private static String error(String code, String message) {
        return "{\"error\":{\"message\":\"" + message + "\",\"type\":\"" + code + "\",\"param\":null,\"code\":\"" + code
                + "\"}}";
    }

    private static void rejected(Failure failure, Reason reason) {
        assertThat(failure).isInstanceOf(Failure.Rejected.class);
        assertThat(failure.reason()).isEqualTo(reason);
    }

    private static void malformed(Failure failure, Reason reason) {
        assertThat(failure).isInstanceOf(Failure.Malformed.class);
        assertThat(failure.reason()).isEqualTo(reason);
    }

    private static Failure.Unavailable unavailable(Failure failure, Reason reason) {
        assertThat(failure).isInstanceOf(Failure.Unavailable.class);
        assertThat(failure.reason()).isEqualTo(reason);
        return (Failure.Unavailable) failure;
    }

    private static Optional<Duration> pause(Failure failure) {
        assertThat(failure).isInstanceOf(Failure.Throttled.class);
        return ((Failure.Throttled) failure).pause();
    }

    @Test
    void a_good_answer_passes_so_that_the_failures_below_mean_something() throws Exception {
        try (RawServer server = RawServer.saying(json(200, GOOD))) {
            assertThat(ask(open(server.base(), Secret.of(KEY)))).isInstanceOf(Page.Buckets.class);
        }
        byte[] packed = gzip(GOOD.getBytes(StandardCharsets.UTF_8));
        try (RawServer server = RawServer.saying(bytes(
                answer(200, "application/json; charset=utf-8", packed.length, "Content-Encoding: gzip"), packed))) {
            assertThat(ask(open(server.base(), Secret.of(KEY)))).isInstanceOf(Page.Buckets.class);
        }
    }

    @Test
    void row_1_a_refused_key_is_rejected_and_has_the_key_read_again() throws Exception {
        AtomicInteger refreshed = new AtomicInteger();
        try (RawServer server = RawServer.saying(
                json(401, error("invalid_api_key", "Incorrect API key provided: " + KEY + " for me@example.com")))) {
            Upstream upstream = open(server.base(), Secret.of(() -> KEY, refreshed::incrementAndGet));
            UpstreamException thrown = catchThrowableOfType(UpstreamException.class, () -> ask(upstream));
            Failure failure = requireNonNull(thrown, "no failure").failure();
            rejected(failure, Reason.AUTH_REJECTED);
            assertThat(failure.message())
                    .contains("invalid_api_key")
                    .doesNotContain("canary")
                    .doesNotContain("example.com");
            assertThat(refreshed).hasValue(1);
        }
    }

    @Test
    void rows_2_3_4_say_what_a_person_must_do() throws Exception {
        Failure forbidden = failure("2 403", json(403, error("x", "Missing scopes: api.usage.read")));
        rejected(forbidden, Reason.FORBIDDEN);
        assertThat(forbidden.message()).contains("Missing scopes: api.usage.read");
        rejected(failure("3 404", json(404, error("x", "no such thing"))), Reason.NOT_FOUND);
        rejected(failure("4 400", json(400, error("bad", "nope\\n\\u001b[31mred"))), Reason.BAD_REQUEST);
        rejected(failure("4 422", json(422, "<html>")), Reason.BAD_REQUEST);
        Failure old = failure(
                "4 400 lookback",
                json(
                        400,
                        error(
                                "reporting_lookback_exceeded",
                                "Usage and cost data are available for the past year."
                                        + " Earliest supported start date: 2025-11-20 (UTC).")));
        assertThat(((Failure.Rejected) old).earliest()).contains(Instant.parse("2025-11-20T00:00:00Z"));
        Failure cursor = failure(
                "4 400 cursor",
                json(
                        400,
                        error(
                                "invalid_request_error",
                                "The page token is invalid, have you modified the query parameters?")));
        assertThat(cursor).isInstanceOf(Failure.CursorRefused.class);
    }

    @Test
    void row_5_is_tried_again() throws Exception {
        assertThat(unavailable(failure("5 408", json(408, "{}")), Reason.TIMEOUT_STATUS)
                        .retry())
                .isTrue();
        unavailable(failure("5 425", json(425, "{}")), Reason.TIMEOUT_STATUS);
        unavailable(failure("5 409", json(409, "{}")), Reason.CONFLICT);
    }

    @Test
    void rows_6_7_8_9_say_how_long_to_wait() throws Exception {
        String body = error("rate_limit_exceeded", "slow down");
        assertThat(pause(failure("6 429 seconds", json(429, body, "Retry-After: 17"))))
                .contains(Duration.ofSeconds(17));
        assertThat(pause(failure("6 429 fraction", json(429, body, "Retry-After: 1.5"))))
                .contains(Duration.ofMillis(1_500));
        assertThat(pause(failure("7 429 date", json(429, body, NOW, "Retry-After: Thu, 19 Nov 2026 10:00:30 GMT"))))
                .as("against the answer's own Date, not our clock, which is 20 minutes ahead")
                .contains(Duration.ofSeconds(30));
        assertThat(pause(
                        failure("7 429 past date", json(429, body, NOW, "Retry-After: Thu, 19 Nov 2026 09:00:00 GMT"))))
                .contains(Duration.ZERO);
        assertThat(pause(failure("8 429 ms", json(429, body, "retry-after-ms: 250", "Retry-After: 17"))))
                .contains(Duration.ofMillis(250));
        for (String garbage : List.of("soon", "-5", "1e9", "NaN", "９", "")) {
            assertThat(pause(failure("8 429 '" + garbage + "'", json(429, body, "Retry-After: " + garbage))))
                    .isEmpty();
        }
        assertThat(pause(failure("8 429 huge", json(429, body, "Retry-After: 999999999999"))))
                .contains(Duration.ofDays(365));
        assertThat(pause(failure("8 429 bare", json(429, body)))).isEmpty();
        Failure quota = failure("9 429 quota", json(429, error("insufficient_quota", "pay")));
        assertThat(quota.reason()).isEqualTo(Reason.QUOTA);
        assertThat(quota).isInstanceOf(Failure.Throttled.class);
    }

    @Test
    void row_10_server_errors_are_tried_again_unless_upstream_says_no() throws Exception {
        for (int status : new int[] {500, 502, 503, 504, 529}) {
            assertThat(unavailable(failure("10 " + status, json(status, "oops")), Reason.SERVER_ERROR)
                            .retry())
                    .isTrue();
        }
        assertThat(unavailable(
                                failure("10 500 no retry", json(500, "{}", "x-should-retry: false")),
                                Reason.SERVER_ERROR)
                        .retry())
                .isFalse();
        assertThat(unavailable(failure("10 503 later", json(503, "{}", "Retry-After: 3")), Reason.SERVER_ERROR)
                        .pause())
                .contains(Duration.ofSeconds(3));
    }

    @Test
    void row_11_what_cannot_be_reached_has_its_own_reasons() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            free = socket.getLocalPort();
        }
        unavailable(failure("11 refused", URI.create("http://127.0.0.1:" + free + "/v1")), Reason.CONNECT);
        unavailable(failure("11 no such host", URI.create("http://nowhere.invalid:1/v1")), Reason.DNS);
        try (ServerSocket plain = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            Thread greeting = new Thread(() -> {
                try (var socket = plain.accept()) {
                    socket.getOutputStream().write("220 mail server\r\n".getBytes(StandardCharsets.UTF_8));
                    socket.getInputStream().transferTo(OutputStream.nullOutputStream());
                } catch (IOException e) {
                    // the client left
                }
            });
            greeting.start();
            unavailable(
                    failure(
                            "11 no TLS there",
                            URI.create("https://127.0.0.1:" + plain.getLocalPort() + "/v1"),
                            PATIENT),
                    Reason.TLS);
        }
        try (RawServer server = new RawServer((head, socket, out) -> socket.close())) {
            unavailable(failure("11 closed before an answer", server.base()), Reason.CONNECT);
        }
    }

    @Test
    void row_11_a_certificate_that_nobody_vouches_for_is_not_trusted_and_not_hurried_after() throws Exception {
        var server = VERTX.createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setKeyCertOptions(
                                SelfSignedCertificate.create("127.0.0.1").keyCertOptions()))
                .requestHandler(request -> request.response().end(GOOD))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS);
        Failure untrusted = failure(
                "11 unknown certificate", URI.create("https://127.0.0.1:" + server.actualPort() + "/v1"), PATIENT);
        assertThat(unavailable(untrusted, Reason.TLS).retry()).isFalse();
        server.close();
    }

    @Test
    void row_12_what_broke_off_is_discarded() throws Exception {
        malformed(failure("12 short", answer(200, "application/json", 500) + GOOD), Reason.TRUNCATED_BODY);
        malformed(
                failure(
                        "12 chunk",
                        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n"),
                Reason.TRUNCATED_BODY);
        byte[] packed = gzip(GOOD.repeat(50).getBytes(StandardCharsets.UTF_8));
        byte[] half = Arrays.copyOf(packed, packed.length / 2);
        malformed(
                failure(
                        "12 half a gzip",
                        bytes(answer(200, "application/json", half.length, "Content-Encoding: gzip"), half)),
                Reason.TRUNCATED_BODY);
        byte[] wrong = packed.clone();
        wrong[wrong.length - 6] ^= 1;
        malformed(
                failure(
                        "12 wrong check sum",
                        bytes(answer(200, "application/json", wrong.length, "Content-Encoding: gzip"), wrong)),
                Reason.TRUNCATED_BODY);
        try (RawServer server = new RawServer((head, socket, out) -> {
            out.write((answer(200, "application/json", 500) + "{").getBytes(StandardCharsets.UTF_8));
            out.flush();
            socket.setSoLinger(true, 0);
            socket.close();
        })) {
            malformed(failure("12 reset", server.base()), Reason.TRUNCATED_BODY);
        }
    }

    @Test
    void row_13_the_slow_are_left_within_their_deadline() throws Exception {
        try (RawServer server = new RawServer((head, socket, out) -> Thread.sleep(60_000))) {
            unavailable(failure("13 silent", server.base()), Reason.TIMEOUT);
        }
        try (RawServer server = new RawServer((head, socket, out) ->
                drip(out, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-A: b\r\n".repeat(100), 50))) {
            unavailable(failure("13 slow head", server.base()), Reason.TIMEOUT);
        }
        try (RawServer server = new RawServer((head, socket, out) -> {
            out.write(answer(200, "application/json", GOOD.length()).getBytes(StandardCharsets.UTF_8));
            drip(out, GOOD, 100);
        })) {
            unavailable(failure("13 slow body", server.base()), Reason.TIMEOUT);
        }
        try (RawServer server = new RawServer((head, socket, out) -> {
            out.write(answer(429, "application/json", 1_000, "Retry-After: 9").getBytes(StandardCharsets.UTF_8));
            drip(out, "x".repeat(1_000), 100);
        })) {
            assertThat(pause(failure("13 slow refusal", server.base())))
                    .as("the status counts, however slow its explanation")
                    .contains(Duration.ofSeconds(9));
        }
    }

    @Test
    void rows_14_15_16_17_what_is_no_page_is_not_taken_for_an_empty_one() throws Exception {
        malformed(failure("14 cut JSON", json(200, "{\"data\":[{\"start_ti")), Reason.MALFORMED_JSON);
        malformed(failure("15 error with 200", json(200, error("server_error", "sorry"))), Reason.ERROR_BODY);
        Failure throttled = failure("15 rate limit with 200", json(200, error("rate_limit_exceeded", "slow down")));
        assertThat(throttled).isInstanceOf(Failure.Throttled.class);
        assertThat(throttled.reason()).isEqualTo(Reason.ERROR_BODY);
        malformed(failure("16 HTML", answer(200, "text/html", 13) + "<html></html>"), Reason.UNEXPECTED_CONTENT_TYPE);
        for (String nothing : List.of("", "[]", "null", "{}", " ", "7", "\"page\"")) {
            malformed(failure("17 '" + nothing + "'", json(200, nothing)), Reason.MALFORMED_JSON);
        }
        malformed(failure("17 two documents", json(200, GOOD + GOOD)), Reason.MALFORMED_JSON);
        malformed(failure("24 no has_more", json(200, "{\"data\":[]}")), Reason.MALFORMED_PAGE);
        malformed(failure("24 has_more text", json(200, "{\"data\":[],\"has_more\":\"no\"}")), Reason.MALFORMED_PAGE);
        malformed(failure("24 no data", json(200, "{\"has_more\":false}")), Reason.MALFORMED_PAGE);
    }

    @Test
    void row_18_nothing_is_decoded_that_was_not_asked_for_and_nothing_beyond_its_limit() throws Exception {
        for (String encoding : List.of("br", "zstd", "deflate", "gzip, gzip")) {
            malformed(
                    failure("18 " + encoding, json(200, GOOD, "Content-Encoding: " + encoding)),
                    Reason.UNEXPECTED_CONTENT_TYPE);
        }
        byte[] bomb = bomb();
        assertThat(bomb.length).isBetween(1_900_000, 2_300_000);
        Failure exploded = failure(
                "18 2 MB that are 2 GiB",
                bytes(answer(200, "application/json", bomb.length, "Content-Encoding: gzip"), bomb));
        assertThat(exploded).isInstanceOf(Failure.TooLarge.class);
        assertThat(exploded.reason()).isEqualTo(Reason.BODY_TOO_LARGE);
        try (RawServer server = new RawServer((head, socket, out) -> {
            out.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            byte[] spaces = " ".repeat(64 * 1024).getBytes(StandardCharsets.UTF_8);
            while (true) {
                out.write(spaces);
            }
        })) {
            assertThat(failure("18 endless body", server.base())).isInstanceOf(Failure.TooLarge.class);
        }
        try (RawServer server = new RawServer((head, socket, out) -> {
            out.write("HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.UTF_8));
            while (true) {
                out.write("X-Endless: header\r\n".getBytes(StandardCharsets.UTF_8));
            }
        })) {
            malformed(failure("18 endless header", server.base()), Reason.BODY_TOO_LARGE);
        }
        assertThat(failure("18 413", json(413, "{}"))).isInstanceOf(Failure.TooLarge.class);
    }

    @Test
    void row_19_other_statuses_are_errors_and_redirects_go_nowhere() throws Exception {
        malformed(failure("19 204", "HTTP/1.1 204 No Content\r\n\r\n"), Reason.UNEXPECTED_STATUS);
        malformed(failure("19 206", json(206, GOOD)), Reason.UNEXPECTED_STATUS);
        rejected(failure("19 402", json(402, "{}")), Reason.UNEXPECTED_STATUS);
        try (RawServer elsewhere = RawServer.saying(json(200, GOOD))) {
            for (int status : new int[] {301, 302, 303, 307, 308}) {
                Failure refused = failure(
                        "19 " + status,
                        json(status, "", "Location: http://127.0.0.1:" + elsewhere.port() + "/v1/gotcha"));
                assertThat(unavailable(refused, Reason.REDIRECT_REFUSED).retry())
                        .isFalse();
            }
            assertThat(elsewhere.heads()).as("nobody else saw the key").isEmpty();
        }
        malformed(failure("19 not HTTP", "SSH-2.0-OpenSSH_9.2\r\n\r\n"), Reason.UNEXPECTED_STATUS);
    }

    @Test
    void json_that_is_meant_to_hurt_ends_with_its_reason() throws Exception {
        String deep = "[".repeat(100_000) + "]".repeat(100_000);
        malformed(failure("JSON 100,000 deep", json(200, "{\"data\":" + deep + "}")), Reason.MALFORMED_JSON);
        malformed(
                failure(
                        "a million digits",
                        json(200, "{\"data\":[],\"has_more\":false,\"n\":" + "9".repeat(1_000_000) + "}")),
                Reason.MALFORMED_JSON);
        malformed(
                failure(
                        "a long text",
                        json(200, "{\"data\":[],\"has_more\":false,\"next_page\":\"" + "x".repeat(100_000) + "\"}")),
                Reason.MALFORMED_JSON);
    }

    @Test
    void a_refused_connection_of_one_source_delays_no_other() throws Exception {
        try (RawServer silent = new RawServer((head, socket, out) -> Thread.sleep(60_000));
                RawServer good = new RawServer((head, socket, out) -> {
                    out.write(json(200, GOOD).getBytes(StandardCharsets.UTF_8));
                    out.flush();
                })) {
            Upstream hanging = open(silent.base(), Secret.of(KEY));
            PageRequest request =
                    new PageRequest.Buckets(Given.split(provider, "completions"), Given.ONE_DAY, 24, Optional.empty());
            for (int i = 0; i < 50; i++) {
                hanging.read(request);
            }
            Upstream quick = open(good.base(), Secret.of(KEY));
            long begun = System.nanoTime();
            for (int i = 0; i < 20; i++) {
                ask(quick);
            }
            long took = (System.nanoTime() - begun) / 1_000_000;
            TABLE.add("isolation: 20 requests beside 50 that hang took " + took + " ms");
            assertThat(took).isLessThan(20 * LIMITS.whole().toMillis() / 2);
            hanging.close();
        }
    }

    @Test
    void closing_ends_what_is_under_way() throws Exception {
        try (RawServer silent = new RawServer((head, socket, out) -> Thread.sleep(60_000))) {
            Upstream upstream = open(silent.base(), Secret.of(KEY), PATIENT);
            var page = upstream.read(
                    new PageRequest.Buckets(Given.split(provider, "completions"), Given.ONE_DAY, 24, Optional.empty()));
            Thread.sleep(200);
            upstream.close();
            assertThat(page.toCompletionStage().toCompletableFuture())
                    .failsWithin(Duration.ofSeconds(5))
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(UpstreamException.class);
        }
    }

    private static void drip(OutputStream out, String text, int pauseMillis) throws Exception {
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            out.write(b);
            out.flush();
            Thread.sleep(pauseMillis);
        }
    }

    private static byte[] bytes(String head, byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(head.getBytes(StandardCharsets.UTF_8));
        out.writeBytes(body);
        return out.toByteArray();
    }

    /** 2 GiB of spaces. */
    private static byte[] bomb() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] spaces = " ".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            for (int i = 0; i < 2_048; i++) {
                gzip.write(spaces);
            }
        }
        return out.toByteArray();
    }
}
