package io.usagestream.dev.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.usagestream.dev.upstream.fault.Fault;
import io.usagestream.dev.upstream.ledger.LedgerSettings;
import io.usagestream.dev.upstream.openai.OpenAiApi;
import io.usagestream.dev.upstream.scenario.ScenarioApi;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class SimulatedUpstreamTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String COSTS = "/v1/organization/costs";

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final Vertx vertx = Vertx.vertx();
    private SimulatedUpstream upstream = start(Set.of());

    @BeforeEach
    void heal() {
        upstream.faults().clear();
    }

    @AfterEach
    void stop() throws Exception {
        stopUpstream();
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    @Test
    void both_providers_answer_on_one_port_and_their_requests_are_counted() throws Exception {
        assertThat(JSON.readTree(costs().body()).get("object").textValue()).isEqualTo("page");
        assertThat(JSON.readTree(get("/v1/usages", scenario()).body()).has("activity"))
                .isTrue();
        assertThat(get("/v1/usage", scenario()).statusCode()).isEqualTo(200);
        assertThat(get("/v1/other", scenario()).statusCode()).isEqualTo(404);
        assertThat(upstream.requests().of(COSTS)).isEqualTo(1);
        assertThat(upstream.requests().of("/v1/usages")).isEqualTo(1);
        assertThat(upstream.requests().total()).isEqualTo(4);
    }

    @Test
    void gzip_comes_when_it_is_asked_for_and_only_then() throws Exception {
        HttpRequest plain = request(COSTS + "?start_time=" + start(), openAi()).build();
        HttpRequest zipped = request(COSTS + "?start_time=" + start(), openAi())
                .header("accept-encoding", "gzip")
                .build();
        upstream.ledger().freeze();
        HttpResponse<byte[]> whole = client.send(plain, BodyHandlers.ofByteArray());
        HttpResponse<java.io.InputStream> small = client.send(zipped, BodyHandlers.ofInputStream());
        assertThat(whole.headers().firstValue("content-encoding")).isEmpty();
        assertThat(small.headers().firstValue("content-encoding")).contains("gzip");
        try (GZIPInputStream in = new GZIPInputStream(small.body())) {
            assertThat(in.readAllBytes().length).isBetween(whole.body().length - 5, whole.body().length + 5);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "RATE_LIMIT, 429, retry-after",
        "RATE_LIMIT_DATE, 429, retry-after",
        "RATE_LIMIT_MS, 429, retry-after-ms",
        "RATE_LIMIT_BARE, 429, date",
        "INTERNAL_ERROR, 500, date",
        "BAD_GATEWAY, 502, date",
        "UNAVAILABLE, 503, date",
        "OVERLOADED, 529, date",
        "HTML, 200, date",
        "EMPTY_BODY, 200, date",
        "NULL_BODY, 200, date",
        "ERROR_BODY, 200, date",
        "UNAUTHORIZED, 401, date",
        "FORBIDDEN, 403, date",
        "NOT_FOUND, 404, date",
        "REDIRECT, 307, location",
    })
    void a_refusal_strikes_once_and_is_over(Fault fault, int status, String header) throws Exception {
        upstream.faults().once(fault);
        HttpResponse<String> refused = costs();
        assertThat(refused.statusCode()).isEqualTo(status);
        assertThat(refused.headers().firstValue(header)).isPresent();
        assertThat(refused.body()).doesNotContain("\"data\"");
        upstream.faults().clear();
        assertThat(costs().body()).contains("\"data\"");
    }

    @Test
    void a_caller_that_is_told_to_wait_is_told_so_until_the_time_is_over_and_others_are_not() throws Exception {
        upstream.faults().once(Fault.RATE_LIMIT);
        assertThat(costs().statusCode()).isEqualTo(429);
        HttpResponse<String> second = costs();
        assertThat(second.statusCode()).isEqualTo(429);
        assertThat(get("/v1/usages", scenario()).statusCode()).isEqualTo(200);
        Thread.sleep(1000L
                * Long.parseLong(second.headers().firstValue("retry-after").orElseThrow()));
        assertThat(costs().statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"TRUNCATED", "RESET"})
    void a_connection_that_breaks_in_the_body_is_an_error_to_the_client(Fault fault) throws Exception {
        upstream.faults().once(fault);
        assertThatThrownBy(this::costs).isInstanceOf(IOException.class);
        assertThat(costs().statusCode()).isEqualTo(200);
    }

    @Test
    void malformed_json_comes_with_a_length_that_fits_it() throws Exception {
        upstream.faults().once(Fault.MALFORMED_JSON);
        HttpResponse<String> cut = costs();
        assertThat(cut.statusCode()).isEqualTo(200);
        assertThatThrownBy(() -> JSON.readTree(cut.body())).isInstanceOf(IOException.class);
    }

    @Test
    void a_slow_body_and_a_late_answer_are_whole_in_the_end() throws Exception {
        for (Fault fault : List.of(Fault.SLOW_BODY, Fault.LATENCY)) {
            upstream.faults().once(fault);
            long begin = System.nanoTime();
            assertThat(JSON.readTree(costs().body()).has("data")).isTrue();
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(900));
        }
    }

    @Test
    void a_clock_that_is_ahead_shows_in_the_date() throws Exception {
        upstream.faults().once(Fault.CLOCK_AHEAD);
        assertThat(date(costs())).isAfter(Instant.now().plus(Duration.ofMinutes(9)));
        assertThat(date(costs())).isBefore(Instant.now().plus(Duration.ofMinutes(1)));
    }

    @Test
    void all_faults_together_can_be_survived_by_asking_again() throws Exception {
        stopUpstream();
        upstream = start(Fault.parse("all"));
        List<Integer> statuses = new ArrayList<>();
        int good = 0;
        for (int i = 0; i < 150; i++) {
            try {
                HttpResponse<String> response = costs();
                statuses.add(response.statusCode());
                if (response.statusCode() == 429) {
                    Thread.sleep(300);
                }
                good += response.statusCode() == 200 && response.body().endsWith("}") ? 1 : 0;
            } catch (IOException e) {
                statuses.add(0);
            }
        }
        assertThat(good).isGreaterThan(30);
        assertThat(statuses.stream().filter(status -> status != 200)).isNotEmpty();
        assertThat(statuses).doesNotContain(401, 403, 404, 307);
    }

    @Test
    void another_process_can_freeze_count_and_break_things() throws Exception {
        costs();
        Instant before = Instant.now().minusSeconds(1);
        long frozen = JSON.readTree(get("/_sim/freeze", "").body())
                .get("frozen_at_ms")
                .longValue();
        assertThat(Instant.ofEpochMilli(frozen)).isBetween(before, Instant.now());
        assertThat(upstream.ledger().asOf().toEpochMilli()).isEqualTo(frozen);
        assertThat(JSON.readTree(get("/_sim/requests", "").body()).get(COSTS).longValue())
                .isEqualTo(1);
        assertThat(get("/_sim/faults?list=not-found", "").statusCode()).isEqualTo(200);
        assertThat(costs().statusCode()).isEqualTo(404);
        assertThat(get("/_sim/faults?list=nonsense", "").statusCode()).isEqualTo(400);
        assertThat(get("/_sim/faults", "").statusCode()).isEqualTo(200);
        assertThat(costs().statusCode()).isEqualTo(200);
    }

    private SimulatedUpstream start(Set<Fault> faults) {
        UpstreamSettings settings = UpstreamSettings.of(LedgerSettings.of(1, 2)).with(faults);
        return SimulatedUpstream.start(vertx, settings, Clock.systemUTC()).await();
    }

    private void stopUpstream() throws Exception {
        upstream.close().await(10, TimeUnit.SECONDS);
    }

    private HttpResponse<String> costs() throws Exception {
        return get(COSTS + "?start_time=" + start(), openAi());
    }

    private HttpResponse<String> get(String path, String authorization) throws Exception {
        return client.send(request(path, authorization).build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path, String authorization) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + upstream.port() + path))
                .timeout(Duration.ofSeconds(10));
        return authorization.isEmpty() ? request : request.header("authorization", authorization);
    }

    private static long start() {
        return Instant.now().minus(Duration.ofDays(2)).getEpochSecond() / 86_400 * 86_400;
    }

    private static Instant date(HttpResponse<String> response) {
        return java.time.ZonedDateTime.parse(
                        response.headers().firstValue("date").orElseThrow(),
                        java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME)
                .toInstant();
    }

    private static String openAi() {
        return "Bearer " + OpenAiApi.adminKey(1);
    }

    private static String scenario() {
        String pair = ScenarioApi.apiKey(1) + ":" + ScenarioApi.apiSecret(1);
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
}
