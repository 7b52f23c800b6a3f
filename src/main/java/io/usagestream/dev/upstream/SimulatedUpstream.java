package io.usagestream.dev.upstream;

import io.usagestream.dev.upstream.fault.Afflictions;
import io.usagestream.dev.upstream.fault.FaultPlan;
import io.usagestream.dev.upstream.http.Answer;
import io.usagestream.dev.upstream.http.Ask;
import io.usagestream.dev.upstream.ledger.Ledger;
import io.usagestream.dev.upstream.openai.OpenAiApi;
import io.usagestream.dev.upstream.scenario.ScenarioApi;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server on loopback that answers as OpenAI and Scenario do, out of one ledger.
 *
 * <p>Account n of both has the credentials of {@link OpenAiApi#adminKey}, {@link ScenarioApi#apiKey} and
 * {@link ScenarioApi#apiSecret}.
 */
public final class SimulatedUpstream {
    private static final Logger LOG = LoggerFactory.getLogger(SimulatedUpstream.class);
    private static final int THREADS = 2;
    /** Long lists of filters make long lines. */
    private static final int LONGEST_LINE = 64 * 1024;

    private final Vertx vertx;
    private final WorkerExecutor workers;
    private final HttpServer server;
    private final Ledger ledger;
    private final FaultPlan faults;
    private final RequestCounts requests = new RequestCounts();
    private final OpenAiApi openAi;
    private final ScenarioApi scenario;
    private final ControlApi control;

    private SimulatedUpstream(Vertx vertx, UpstreamSettings settings, InstantSource clock) {
        this.vertx = vertx;
        this.workers = vertx.createSharedWorkerExecutor("simulated-upstream", THREADS);
        this.ledger = new Ledger(settings.ledger(), clock);
        this.faults = new FaultPlan(settings.ledger().seed(), settings.faults());
        this.openAi = new OpenAiApi(ledger, settings.money());
        this.scenario = new ScenarioApi(ledger, settings.studio());
        this.control = new ControlApi(ledger, faults, requests);
        this.server = vertx.createHttpServer(new HttpServerOptions()
                        .setMaxInitialLineLength(LONGEST_LINE)
                        .setReuseAddress(true))
                .requestHandler(this::handle);
    }

    /** Starts to listen; the future fails when the port is taken. */
    public static Future<SimulatedUpstream> start(Vertx vertx, UpstreamSettings settings, InstantSource clock) {
        SimulatedUpstream upstream = new SimulatedUpstream(vertx, settings, clock);
        return upstream.server
                .listen(settings.port(), settings.host())
                .map(server -> upstream)
                .onFailure(e -> upstream.workers.close());
    }

    public int port() {
        return server.actualPort();
    }

    /** The base URL of both providers. */
    public URI baseUrl() {
        return URI.create("http://127.0.0.1:" + port() + "/v1");
    }

    public Ledger ledger() {
        return ledger;
    }

    public FaultPlan faults() {
        return faults;
    }

    public RequestCounts requests() {
        return requests;
    }

    public Future<Void> close() {
        return server.close().eventually(workers::close);
    }

    private void handle(HttpServerRequest request) {
        Delivery delivery = new Delivery(vertx, request);
        Ask ask = ask(request);
        if (ControlApi.owns(ask.path())) {
            delivery.deliver(control.answer(ask), Afflictions.NONE, ledger.now());
            return;
        }
        requests.count(ask.path(), request.headers().names());
        Afflictions afflictions = faults.next(ask, ledger.now());
        workers.executeBlocking(() -> answer(ask, afflictions), false)
                .onSuccess(answer -> delivery.deliver(answer, afflictions, ledger.now()))
                .onFailure(e -> {
                    LOG.atError().addKeyValue("path", ask.path()).setCause(e).log("the simulated upstream failed");
                    delivery.deliver(Answer.json(500, "{}"), Afflictions.NONE, ledger.now());
                });
    }

    private Answer answer(Ask ask, Afflictions afflictions) {
        return Refusals.of(ask, afflictions, faults.burstLeft(ask, ledger.now()), ledger.now())
                .orElseGet(() -> answerOf(ask, afflictions));
    }

    private Answer answerOf(Ask ask, Afflictions afflictions) {
        if (OpenAiApi.owns(ask.path())) {
            return openAi.answer(ask, afflictions);
        }
        return ScenarioApi.owns(ask.path()) ? scenario.answer(ask, afflictions) : Answer.json(404, "{}");
    }

    private static Ask ask(HttpServerRequest request) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        request.params()
                .names()
                .forEach(name -> query.put(name, request.params().getAll(name)));
        return new Ask(request.path(), query, Optional.ofNullable(request.getHeader("authorization")));
    }
}
