package io.usagestream.ops;

import io.usagestream.ingest.Observer;
import io.usagestream.ingest.Observers;
import io.usagestream.ops.board.Board;
import io.usagestream.ops.board.StatusPage;
import io.usagestream.ops.health.Liveness;
import io.usagestream.ops.health.Pulse;
import io.usagestream.ops.health.Readiness;
import io.usagestream.ops.http.OperationsVerticle;
import io.usagestream.ops.http.Views;
import io.usagestream.ops.metrics.Metrics;
import io.usagestream.sink.BrokerNews;
import io.usagestream.source.Secret;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * Everything for those who operate the service, put together: it hears of the work as an {@link #observer}, and shows it over HTTP.
 * It can be deployed before Kafka is there, so that probes are answered from the first second.
 */
public final class Operations {
    private static final long OWNERS_EVERY_MS = 10_000;

    /** About 300 KB a state; a console that follows ten thousand accounts sees those that need attention. */
    private static final int STREAMS_IN_NEWS = 600;

    private final InstantSource clock;
    private final Metrics metrics;
    private final Board board;
    private final Liveness liveness;
    private final Readiness readiness;
    private final Observer observer;
    private final List<String> deployments = new CopyOnWriteArrayList<>();
    private volatile boolean watching = true;
    private volatile Views.Usage usage = parameters -> Future.succeededFuture(
            new Views.Answer(503, "application/json", Json.object(json -> json.put("error", "not ready yet"))));

    /**
     * @param patience how long a lane may go without a step before the process counts as dead
     */
    public Operations(Instance instance, Duration patience, InstantSource clock) {
        this.clock = clock;
        this.metrics = new Metrics(instance, clock);
        this.board = new Board(instance, clock);
        this.liveness = new Liveness(instance, patience, clock);
        this.readiness = new Readiness(clock);
        this.observer = new Observers(List.of(metrics, board, liveness, readiness));
    }

    /** To be told of the work. */
    public Observer observer() {
        return observer;
    }

    /** To be told of the brokers. */
    public BrokerNews brokerNews() {
        return (topic, before, now) -> {
            metrics.partitionsAdded(topic, before, now);
            board.partitionsAdded(topic, before, now);
        };
    }

    public Metrics metrics() {
        return metrics;
    }

    public Board board() {
        return board;
    }

    public Readiness readiness() {
        return readiness;
    }

    /** From now on {@code /api/usage} is answered so. */
    public void usage(Views.Usage answers) {
        usage = answers;
    }

    /** Starts to listen. */
    public Future<OperationsVerticle> deploy(Vertx vertx, String host, int port, Optional<Secret> token) {
        StatusPage page = new StatusPage(board);
        Views views = new Views(
                liveness::answer,
                readiness::answer,
                () -> page.json(readiness.answer()),
                () -> page.json(readiness.answer(), STREAMS_IN_NEWS),
                () -> page.health(liveness.answer(), readiness.answer()),
                metrics::scrape,
                board::version,
                parameters -> usage.answer(parameters));
        OperationsVerticle verticle = new OperationsVerticle(host, port, token, views);
        DeploymentOptions everyLoop = new DeploymentOptions().setInstances(VertxOptions.DEFAULT_EVENT_LOOP_POOL_SIZE);
        return vertx.deployVerticle(() -> new Pulse(clock, liveness, metrics::eventLoopDelay), everyLoop)
                .compose(pulses -> {
                    deployments.add(pulses);
                    return vertx.deployVerticle(verticle);
                })
                .map(pages -> {
                    deployments.add(pages);
                    return verticle;
                });
    }

    /** Stops listening. */
    public Future<Void> undeploy(Vertx vertx) {
        watching = false;
        List<String> all = List.copyOf(deployments);
        deployments.clear();
        return Future.join(all.stream().map(vertx::undeploy).toList())
                .<Void>mapEmpty()
                .eventually(() -> {
                    metrics.close();
                    return Future.succeededFuture();
                });
    }

    /**
     * Asks the group again and again who has which lane: for the console, and to know that Kafka answers. A question that fails is
     * asked again.
     */
    public void watchGroup(Vertx vertx, Supplier<Future<Map<Integer, String>>> owners) {
        owners.get()
                .onSuccess(names -> {
                    readiness.kafkaAnswered();
                    board.owners(names);
                })
                .onComplete(done -> {
                    if (watching) {
                        vertx.setTimer(OWNERS_EVERY_MS, fired -> watchGroup(vertx, owners));
                    }
                });
    }
}
