package io.usagestream.source;

import static io.usagestream.contract.Waiting.await;

import io.usagestream.contract.UpstreamContract;
import io.usagestream.dev.upstream.SimulatedUpstream;
import io.usagestream.dev.upstream.UpstreamSettings;
import io.usagestream.dev.upstream.ledger.LedgerSettings;
import io.usagestream.dev.upstream.openai.OpenAiApi;
import io.usagestream.dev.upstream.scenario.ScenarioApi;
import io.usagestream.source.openai.OpenAi;
import io.usagestream.source.scenario.Scenario;
import io.usagestream.stream.Grain;
import io.usagestream.stream.Page;
import io.usagestream.stream.PageRequest;
import io.usagestream.stream.Split;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The upstream contract, held by the service's own adapters over HTTP. */
class HttpUpstreamTest extends UpstreamContract {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-19T10:20:00Z"));
    private static final Vertx VERTX = Vertx.vertx();
    private static final OpenAi OPENAI = new OpenAi(CLOCK);
    private static final Scenario SCENARIO = new Scenario(CLOCK);
    private static Map<String, Upstream> upstreams = Map.of();

    @BeforeAll
    static void start() {
        LedgerSettings ledger = LedgerSettings.of(11, 1).withPace(800);
        SimulatedUpstream server = await(SimulatedUpstream.start(VERTX, UpstreamSettings.of(ledger), CLOCK));
        SourceSettings openAi = Given.source(
                OPENAI,
                server.baseUrl(),
                Map.of("admin-key", Secret.of(OpenAiApi.adminKey(1))),
                List.of(Given.stream(OPENAI, Given.type(OPENAI, "completions"), Grain.HOUR, List.of("model"))));
        SourceSettings scenario = Given.source(
                SCENARIO,
                server.baseUrl(),
                Map.of(
                        "api-key", Secret.of(ScenarioApi.apiKey(1)),
                        "api-secret", Secret.of(ScenarioApi.apiSecret(1))),
                List.of(Given.stream(SCENARIO, "usages"), Given.stream(SCENARIO, "activity")));
        upstreams = Map.of("openai", OPENAI.open(VERTX, openAi), "scenario", SCENARIO.open(VERTX, scenario));
    }

    @AfterAll
    static void stop() {
        await(VERTX.close());
    }

    @Override
    protected Split paged() {
        return Given.split(OPENAI, "completions");
    }

    @Override
    protected Split whole() {
        return Given.split(SCENARIO, "usages");
    }

    @Override
    protected Split log() {
        return Given.split(SCENARIO, "activity");
    }

    @Override
    protected Instant now() {
        return CLOCK.instant();
    }

    @Override
    protected Page ask(PageRequest request) {
        Upstream upstream = Objects.requireNonNull(upstreams.get(request.split().provider()));
        return await(upstream.read(request));
    }
}
