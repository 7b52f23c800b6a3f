package io.usagestream.source.openai;

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

class OpenAiTest {
    private final Vertx vertx = Vertx.vertx();
    private final OpenAi provider = new OpenAi(InstantSource.fixed(Given.DAY.plusSeconds(86_400)));

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    @Test
    void a_page_is_asked_for_in_the_form_of_the_official_clients_and_read() throws Exception {
        String body = """
                {"object":"page","data":[{"object":"bucket","start_time":1795046400,"end_time":1795050000,"results":[
                 {"object":"organization.usage.completions.result","input_tokens":1000,"output_tokens":5,"num_model_requests":2,
                  "project_id":"proj_a","batch":true,"model":null}]}],"has_more":false,"next_page":null}""";
        try (RawServer server = RawServer.saying(RawServer.json(200, body, "Date: Thu, 19 Nov 2026 10:00:00 GMT"))) {
            Upstream upstream = provider.open(
                    vertx,
                    Given.source(
                            provider,
                            server.base(),
                            Map.of("admin-key", Secret.of("sk-admin-1")),
                            List.of(Given.stream(provider, "completions"))));
            Page page = upstream.read(new PageRequest.Buckets(
                            Given.split(provider, "completions"), Given.ONE_DAY, 24, Optional.of("page_AA=")))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(5, TimeUnit.SECONDS);
            assertThat(server.heads().get(0))
                    .startsWith("GET /v1/organization/usage/completions?start_time=1795046400&end_time=1795132800"
                            + "&bucket_width=1h&limit=24&group_by%5B%5D=project_id&group_by%5B%5D=user_id")
                    .contains("&page=page_AA%3D HTTP/1.1")
                    .containsIgnoringCase("authorization: Bearer sk-admin-1")
                    .containsIgnoringCase("accept-encoding: gzip\n")
                    .doesNotContainIgnoringCase("traceparent");
            Page.Buckets buckets = (Page.Buckets) page;
            assertThat(buckets.buckets()).hasSize(1);
            assertThat(buckets.buckets().get(0).rows()).hasSize(1);
            assertThat(buckets.buckets().get(0).rows().get(0).dimensions())
                    .containsEntry("batch", Optional.of("true"))
                    .containsEntry("model", Optional.empty())
                    .containsEntry("service_tier", Optional.empty())
                    .hasSize(6);
            assertThat(buckets.upstreamNow()).contains(Given.DAY.plusSeconds(36_000));
            assertThat(buckets.ignoredGrouping()).isTrue();
        }
    }

    @Test
    void no_page_is_asked_for_that_is_larger_than_upstream_allows() {
        assertThat(limit("completions", Grain.MINUTE)).contains("&limit=1440&");
        assertThat(limit("completions", Grain.HOUR)).contains("&limit=168&");
        assertThat(limit("completions", Grain.DAY)).contains("&limit=31&");
        assertThat(limit("costs", Grain.DAY)).contains("&limit=31&");
    }

    private String limit(String stream, Grain width) {
        Endpoint endpoint = Catalogue.endpoint(Given.type(provider, stream));
        PageRequest.Buckets all =
                new PageRequest.Buckets(Given.split(provider, stream), Given.ONE_DAY, 10_000, Optional.empty());
        return new Requests(endpoint, width, List.of("project_id"), List.of(), List.of()).path(all, "/x");
    }
}
