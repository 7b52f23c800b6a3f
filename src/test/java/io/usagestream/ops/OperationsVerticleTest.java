package io.usagestream.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.ingest.LaneStatus;
import io.usagestream.ingest.LaneStatus.Phase;
import io.usagestream.source.Secret;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Pages, probes and metrics over real HTTP. */
final class OperationsVerticleTest {
    @Test
    void everyAnswerForbidsWhatIsNotItsOwn() throws Exception {
        try (Pages pages = new Pages(Optional.empty())) {
            for (String path :
                    new String[] {"/", "/health", "/metrics", "/api/status", "/console/app.js", "/nowhere"}) {
                HttpResponse<String> answer = pages.get(path);
                assertThat(answer.headers().firstValue("content-security-policy"))
                        .hasValueSatisfying(policy -> assertThat(policy)
                                .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                                .doesNotContain("unsafe-inline"));
                assertThat(answer.headers().firstValue("x-content-type-options"))
                        .contains("nosniff");
                assertThat(answer.headers().firstValue("referrer-policy")).contains("no-referrer");
            }
            assertThat(pages.get("/").body()).doesNotContain("<script>").doesNotContain("style=");
        }
    }

    @Test
    void nothingCanBeChanged() throws Exception {
        try (Pages pages = new Pages(Optional.empty())) {
            for (String method : new String[] {"POST", "PUT", "DELETE", "PATCH", "OPTIONS"}) {
                HttpResponse<String> answer = pages.send(method, "/api/status");
                assertThat(answer.statusCode()).as(method).isEqualTo(405);
                assertThat(answer.headers().firstValue("allow")).contains("GET, HEAD");
            }
            assertThat(pages.send("HEAD", "/api/status").statusCode()).isEqualTo(200);
            assertThat(pages.get("/nowhere").statusCode()).isEqualTo(404);
            assertThat(pages.get("/console/../application.yaml").statusCode()).isEqualTo(404);
            assertThat(pages.get("/console/%2e%2e/pom.xml").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void isReadyOnceItIsPreparedAndItsLanesAreRestored() throws Exception {
        try (Pages pages = new Pages(Optional.empty())) {
            assertThat(pages.get("/health/live").statusCode()).isEqualTo(200);
            assertThat(pages.get("/health/ready").statusCode()).isEqualTo(503);
            pages.operations().readiness().waitsFor("Kafka cannot be reached: 127.0.0.1:1");
            assertThat(pages.get("/health/ready").body()).contains("Kafka cannot be reached");
            pages.operations().readiness().prepared();
            assertThat(pages.get("/health/ready").statusCode()).isEqualTo(200);
            pages.operations().observer().lane(lane(Phase.OPENING));
            assertThat(pages.get("/health/ready").body()).contains("lane 0 is being restored");
            pages.operations().observer().lane(lane(Phase.RUNNING));
            assertThat(pages.get("/health/ready").statusCode()).isEqualTo(200);
            pages.operations().readiness().stopping();
            assertThat(pages.get("/health/ready").statusCode()).isEqualTo(503);
            assertThat(pages.get("/health/live").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aRefusedSourceIsNamedAndTheServiceIsReady() throws Exception {
        try (Pages pages = new Pages(Optional.empty())) {
            pages.begin();
            HttpResponse<String> health = pages.get("/health");
            assertThat(health.statusCode()).isEqualTo(200);
            assertThat(health.body())
                    .contains(
                            "{\"name\":\"subsidiary\",\"provider\":\"openai\",\"state\":\"halted\",\"reason\":\"auth_rejected\"}")
                    .contains("{\"name\":\"acme\",\"provider\":\"openai\",\"state\":\"running\"}");
        }
    }

    @Test
    void aTokenGuardsTheConsoleAndItsApiButNotProbesAndMetrics() throws Exception {
        try (Pages pages = new Pages(Optional.of(Secret.of("correct horse")))) {
            pages.begin();
            for (String path : new String[] {"/", "/api/status", "/api/events", "/api/usage", "/api/session"}) {
                HttpResponse<String> answer = pages.get(path);
                assertThat(answer.statusCode()).as(path).isEqualTo(401);
                assertThat(answer.headers().firstValue("www-authenticate"))
                        .hasValueSatisfying(value -> assertThat(value).startsWith("Bearer"));
                assertThat(answer.body()).doesNotContain("acme").doesNotContain("correct horse");
                assertThat(pages.get(path, "Authorization", "Bearer correct horsf")
                                .statusCode())
                        .isEqualTo(401);
                assertThat(pages.get(path, "Cookie", "usagestream=correct horse")
                                .statusCode())
                        .isEqualTo(401);
            }
            for (String path : new String[] {"/health/live", "/health/ready", "/health", "/metrics"}) {
                assertThat(pages.get(path).statusCode()).as(path).isEqualTo(200);
            }
            assertThat(pages.get("/api/status", "Authorization", "Bearer correct horse")
                            .body())
                    .contains("acme");
            String cookie = pages.get("/api/session", "Authorization", "bearer correct horse")
                    .headers()
                    .firstValue("set-cookie")
                    .orElseThrow();
            assertThat(cookie.toLowerCase(Locale.ROOT))
                    .contains("httponly", "samesite=strict")
                    .doesNotContain("correct");
            assertThat(pages.get("/api/status", "Cookie", cookie.split(";")[0]).statusCode())
                    .isEqualTo(200);
            assertThat(pages.get("/", "Cookie", cookie.split(";")[0]).body()).contains("Streams");
        }
    }

    @Test
    void eventsCarryTheStateAtOnceAndWhenItChanges() throws Exception {
        try (Pages pages = new Pages(Optional.empty())) {
            pages.begin();
            var connection = URI.create(pages.address() + "/api/events").toURL().openConnection();
            connection.setReadTimeout(10_000);
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
                assertThat(connection.getContentType()).startsWith("text/event-stream");
                String first = next(lines);
                assertThat(first).contains("\"instance\":\"usagestream-0\"");
                next(lines); // what happened between the first look and the first turn
                pages.operations().board().owners(java.util.Map.of(1, "somebody-new"));
                assertThat(next(lines)).contains("somebody-new");
            }
        }
    }

    @Test
    void usageIsAnsweredByWhoeverCan() throws Exception {
        try (Pages pages = new Pages(Optional.empty())) {
            assertThat(pages.get("/api/usage").statusCode()).isEqualTo(503);
            pages.operations()
                    .usage(parameters -> io.vertx.core.Future.succeededFuture(new io.usagestream.ops.http.Views.Answer(
                            200, "text/markdown", "# " + parameters.get("include"))));
            assertThat(pages.get("/api/usage?include=usages").body()).isEqualTo("# usages");
        }
    }

    @Test
    void assetsAreTaggedAndNotSentAgain() throws Exception {
        try (Pages pages = new Pages(Optional.empty())) {
            HttpResponse<String> first = pages.get("/console/chart.js");
            assertThat(first.body()).contains("Chart.js v4.5.1");
            String tag = first.headers().firstValue("etag").orElseThrow();
            assertThat(pages.get("/console/chart.js", "If-None-Match", tag).statusCode())
                    .isEqualTo(304);
        }
    }

    private static String next(BufferedReader lines) throws java.io.IOException {
        String line = lines.readLine();
        while (!line.startsWith("data: ")) {
            line = lines.readLine();
        }
        return line;
    }

    private static LaneStatus lane(Phase phase) {
        return new LaneStatus(0, phase, 1, Instant.EPOCH, Optional.of(Duration.ofMillis(5)), 10, "");
    }
}
