package io.usagestream.source.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.source.Given;
import io.usagestream.source.Secret;
import io.usagestream.source.Upstream;
import io.usagestream.source.http.RawServer;
import io.usagestream.stream.Grain;
import io.usagestream.stream.Page;
import io.usagestream.stream.PageRequest;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScenarioTest {
    private final Vertx vertx = Vertx.vertx();
    private final Scenario provider = new Scenario(InstantSource.fixed(Given.DAY.plusSeconds(86_400)));

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    private Upstream open(RawServer server, String stream) {
        return provider.open(
                vertx,
                Given.source(
                        provider,
                        server.base(),
                        Map.of("api-key", Secret.of("the-key"), "api-secret", Secret.of("the-secret")),
                        List.of(Given.stream(provider, stream))));
    }

    private static Page ask(Upstream upstream, PageRequest request) throws Exception {
        return upstream.read(request).toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    @Test
    void a_series_covers_the_whole_window_and_takes_its_granularity_from_usages() throws Exception {
        String body = """
                {"modelUsages":[{"modelId":"m1","points":[
                  {"cost":1.5,"discount":0,"apiKeyCost":0,"apiKeyDiscount":-0.5,"jobs":2,"time":"2026-11-19T10:00:00.000Z"}]}],
                 "usages":[{"usageName":"captioning","granularity":"1h","points":[]}],"entities":{"users":[{"email":"a@b.c"}]}}""";
        try (RawServer server = RawServer.saying(RawServer.json(200, body))) {
            Page.Buckets page = (Page.Buckets) ask(
                    open(server, "model-usages"),
                    new PageRequest.Buckets(
                            Given.split(provider, "model-usages"), Given.ONE_DAY, 100, Optional.empty()));
            assertThat(server.heads().get(0))
                    .startsWith("GET /v1/usages?startDate=2026-11-19T00%3A00%3A00.000Z"
                            + "&endDate=2026-11-19T23%3A59%3A59.999Z&type=model-usages%2Cusages HTTP/1.1")
                    .containsIgnoringCase("authorization: Basic dGhlLWtleTp0aGUtc2VjcmV0");
            assertThat(page.grain()).isEqualTo(Grain.HOUR);
            assertThat(page.buckets()).hasSize(24);
            assertThat(page.buckets().get(10).rows()).hasSize(1);
            assertThat(page.buckets().get(10).rows().get(0).measures())
                    .containsOnlyKeys("cost", "discount", "api_key_cost", "api_key_discount", "jobs");
            assertThat(page.quarantined()).isEmpty();
        }
    }

    @Test
    void a_series_is_asked_for_without_its_zeros_only_when_it_was_too_large_with_them() throws Exception {
        assertThat(asked(PageRequest.Buckets.WHOLE_SERIES)).doesNotContain("dropZeroPoints");
        assertThat(asked(PageRequest.Buckets.SERIES_WITHOUT_ZEROS))
                .contains("&type=usages&dropZeroPoints=true HTTP/1.1");
    }

    private String asked(int limit) throws Exception {
        String body = "{\"usages\":[{\"usageName\":\"captioning\",\"granularity\":\"1h\",\"points\":[]}]}";
        try (RawServer server = RawServer.saying(RawServer.json(200, body))) {
            ask(
                    open(server, "usages"),
                    new PageRequest.Buckets(Given.split(provider, "usages"), Given.ONE_DAY, limit, Optional.empty()));
            return server.heads().get(0);
        }
    }

    @Test
    void activity_comes_in_upstreams_order_unfiltered() throws Exception {
        String body = """
                {"activity":[{"action":"asset","data":{"assetId":"a","isApiKey":true},"projectId":"p","userId":"u",
                  "time":"2026-11-19T10:00:00.123Z","creativeUnitsCost":1},
                 {"action":"asset","data":{},"projectId":"p","userId":"u","time":"2026-11-01T10:00:00Z"},{"action":"x"}]}""";
        try (RawServer server = RawServer.saying(RawServer.json(200, body))) {
            Page.Log page = (Page.Log) ask(
                    open(server, "activity"),
                    new PageRequest.Log(Given.split(provider, "activity"), Given.ONE_DAY, 90));
            assertThat(server.heads().get(0))
                    .contains("activityOffset=90")
                    .contains("endDate=2026-11-20T00%3A00%3A00.000Z");
            assertThat(page.rows()).hasSize(3);
        }
    }
}
