package io.usagestream.cli;

import io.usagestream.config.Settings;
import io.usagestream.ingest.LogObserver;
import io.usagestream.ingest.Observer;
import io.usagestream.ingest.Observers;
import io.usagestream.ingest.Service;
import io.usagestream.ops.Instance;
import io.usagestream.ops.Operations;
import io.usagestream.ops.board.Board;
import io.usagestream.ops.http.Views;
import io.usagestream.query.PointFeed;
import io.usagestream.query.UsageApi;
import io.usagestream.sink.SinkException;
import io.usagestream.sink.SinkFailure;
import io.usagestream.sink.kafka.GroupOwners;
import io.usagestream.sink.kafka.KafkaLaneLog;
import io.usagestream.sink.kafka.KafkaOwnership;
import io.usagestream.sink.kafka.KafkaSettings;
import io.usagestream.sink.kafka.TopicProblem;
import io.usagestream.sink.kafka.Topics;
import io.usagestream.sink.kafka.TraceHeaders;
import io.usagestream.source.StreamSettings;
import io.usagestream.stream.Split;
import io.usagestream.stream.Window;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running service, put together by hand: topics, lanes, their owner group. */
public final class Engine {
    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
    private static final Duration RETRY = Duration.ofSeconds(3);

    /** Credentials are not tried often: a directory may lock who does. */
    private static final Duration RETRY_REFUSED = Duration.ofSeconds(30);

    /** How long a stop waits for what a start is in the middle of. */
    private static final Duration START_ENDS = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final Settings settings;
    private final KafkaSettings kafka;
    private final Observer observer;
    private final Operations operations;
    private final TraceHeaders traces;
    private volatile Optional<String> console = Optional.empty();
    private volatile Optional<GroupOwners> owners = Optional.empty();
    private volatile Optional<PointFeed> history = Optional.empty();
    private volatile KafkaLaneLog log;
    private volatile Optional<Service> service = Optional.empty();
    private volatile Future<Void> starting = Future.succeededFuture();
    private volatile boolean stopped;

    /** Whose records carry no trace. */
    public Engine(Vertx vertx, Settings settings, List<Observer> observers) {
        this(vertx, settings, observers, TraceHeaders.NONE);
    }

    @SuppressWarnings("NullAway") // the log is made once the topics are known to be right
    Engine(Vertx vertx, Settings settings, List<Observer> observers, TraceHeaders traces) {
        this.traces = traces;
        this.vertx = vertx;
        this.settings = settings;
        this.kafka = KafkaParts.kafka(settings);
        this.operations = new Operations(instance(settings), patience(settings), Clock.systemUTC());
        List<Observer> all = new ArrayList<>(observers);
        all.add(operations.observer());
        all.add(new LogObserver());
        this.observer = new Observers(all);
    }

    /**
     * Serves health and console, waits until Kafka answers, prepares the topics and joins the group.
     *
     * @return fails with {@link CommandException} when the topics must not be used as they are, or when {@link #stop} came first
     */
    public Future<Void> start() {
        starting = serve().compose(v -> topics())
                .compose(v -> vertx.executeBlocking(this::connect))
                .compose(this::join)
                .recover(e -> Future.failedFuture(stopped ? stoppedEarly() : e));
        return starting;
    }

    private Future<Void> join(GroupOwners asked) {
        if (stopped) {
            return Future.failedFuture(stoppedEarly());
        }
        operations.readiness().prepared();
        operations.watchGroup(vertx, asked::ask);
        answerUsage();
        history.ifPresent(PointFeed::start);
        Service joining = new Service(
                vertx,
                log,
                new KafkaOwnership(vertx, kafka),
                Providers.all(),
                settings.sources(),
                observer,
                Clock.systemUTC(),
                RandomGenerator.getDefault());
        service = Optional.of(joining);
        return joining.start();
    }

    /** Whatever a start trips over once it is told to stop: what it stands on is being taken away, which is no fault. */
    private static CommandException stoppedEarly() {
        return new CommandException(ExitStatus.FAILED, "stopped before the start was done");
    }

    /**
     * Has the console's charts show what was published before the start and by other instances too. To be called before the start; not
     * for those that only catch up, for it costs reading back what they write.
     */
    public void showHistory() {
        operations.board().readsHistory();
        Instant since = Window.startOf(Window.dayOf(Clock.systemUTC().instant()).minusDays(Board.DAYS));
        Set<Split> readOnceMore = settings.readOnceMore();
        history = Optional.of(new PointFeed(
                settings.kafka().values(),
                settings.topics().prefix(),
                settings.registry().map(Settings.Registry::url),
                since,
                point -> {
                    if (!readOnceMore.contains(point.split())) { // charts add up streams
                        operations.board().published(point);
                    }
                }));
    }

    /** The address of the console, once it serves. */
    public Optional<String> console() {
        return console;
    }

    private Future<Void> serve() {
        Settings.Http http = settings.http();
        return operations
                .deploy(vertx, http.host(), http.port(), http.token())
                .map(verticle -> {
                    String host = http.host().equals("0.0.0.0") ? "127.0.0.1" : http.host();
                    console = Optional.of("http://" + host + ":" + verticle.port() + "/");
                    return (Void) null;
                })
                .recover(e -> Future.failedFuture(new CommandException(
                        ExitStatus.FAILED,
                        "cannot listen on " + http.host() + ":" + http.port() + " (http.host, http.port): "
                                + e.getMessage())));
    }

    /** The summary has threads of its own; the page only passes parameters and answers on. */
    private void answerUsage() {
        UsageApi api = new UsageApi(
                vertx,
                settings.kafka().values(),
                settings.topics().prefix(),
                settings.registry().map(Settings.Registry::url),
                settings.readOnceMore(),
                Clock.systemUTC());
        operations.usage(parameters ->
                api.answer(parameters).map(reply -> new Views.Answer(reply.status(), reply.type(), reply.text())));
    }

    /** Kafka's clients look names up when they are made, which may take its time. */
    private GroupOwners connect() {
        GroupOwners asked = new GroupOwners(vertx, kafka);
        owners = Optional.of(asked);
        log = new KafkaLaneLog(vertx, kafka, traces, operations.brokerNews());
        operations.metrics().throttled(log::throttled);
        return asked;
    }

    /** A lane may be silent for its longest poll interval and every time limit of its clients on top of it. */
    private static Duration patience(Settings settings) {
        return settings.sources().stream()
                .flatMap(source -> source.streams().stream())
                .map(StreamSettings::pollInterval)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO)
                .plus(Duration.ofMinutes(10));
    }

    private static Instance instance(Settings settings) {
        return new Instance(
                settings.instance().isEmpty() ? host() : settings.instance(),
                Version.text(),
                Clock.systemUTC().instant(),
                settings.topics().prefix(),
                settings.topics().lanes(),
                settings.sources().stream()
                        .map(source -> new Instance.ConfiguredSource(
                                source.name(),
                                source.provider(),
                                source.streams().stream()
                                        .map(stream -> stream.split().stream())
                                        .toList()))
                        .toList());
    }

    static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "this instance";
        }
    }

    /** Stops lanes, leaves the group, lets go of Kafka. */
    public Future<Void> stop() {
        stopped = true;
        operations.readiness().stopping();
        history.ifPresent(PointFeed::close);
        return started().eventually(this::end);
    }

    /** What a start is in the middle of comes to its end first, unless it waits for Kafka: threads that still work for it would fail. */
    private Future<Void> started() {
        if (starting.isComplete()) {
            return Future.succeededFuture();
        }
        Promise<Void> over = Promise.promise();
        long timer = vertx.setTimer(START_ENDS.toMillis(), late -> over.tryComplete());
        starting.onComplete(done -> {
            vertx.cancelTimer(timer);
            over.tryComplete();
        });
        return over.future();
    }

    private Future<Void> end() {
        Future<Void> end = service.map(running -> running.stop().eventually(() -> log.close()))
                .orElseGet(Future::succeededFuture);
        return end.eventually(() -> operations.undeploy(vertx))
                .eventually(() -> owners.map(GroupOwners::close).orElseGet(Future::succeededFuture));
    }

    private Future<Void> topics() {
        Promise<Void> ready = Promise.promise();
        prepare(ready, 0);
        return ready.future();
    }

    private void prepare(Promise<Void> ready, int failures) {
        if (stopped) {
            ready.tryFail(stoppedEarly());
            return;
        }
        new Topics(vertx, kafka, KafkaParts.topics(settings)).prepare().onComplete(found -> {
            if (found.succeeded()) {
                decide(ready, found.result());
            } else {
                waitFor(ready, failures, found.cause());
            }
        });
    }

    private void waitFor(Promise<Void> ready, int failures, Throwable cause) {
        if (cause instanceof SinkException known && known.failure() instanceof SinkFailure.Refused refused) {
            operations.readiness().waitsFor(refused.message());
            LOG.atError()
                    .addKeyValue("reason", refused.reason().word())
                    .addKeyValue("message", refused.message())
                    .log("Kafka refuses this service; trying again later");
            vertx.setTimer(RETRY_REFUSED.toMillis(), again -> prepare(ready, 0));
            return;
        }
        operations.readiness().waitsFor("Kafka cannot be reached");
        if (failures % 20 == 0) {
            LOG.atWarn()
                    .addKeyValue("bootstrap_servers", settings.kafka().values().get("bootstrap.servers"))
                    .addKeyValue("message", cause.getMessage())
                    .log("Kafka cannot be reached; waiting for it");
        }
        vertx.setTimer(RETRY.toMillis(), again -> prepare(ready, failures + 1));
    }

    private void decide(Promise<Void> ready, Topics.Findings findings) {
        if (findings.refused()) {
            ready.fail(new CommandException(
                    ExitStatus.CONFIGURATION,
                    findings.problems().stream()
                            .map(problem -> problem.what() + ": " + problem.remedy())
                            .collect(
                                    Collectors.joining("\n  ", "Kafka's topics cannot be used as they are:\n  ", ""))));
            return;
        }
        operations.metrics().transactionVersion(findings.transactionVersion());
        findings.problems().forEach(Engine::warn);
        ready.complete();
    }

    private static void warn(TopicProblem problem) {
        LOG.atWarn()
                .addKeyValue("problem", problem.what())
                .addKeyValue("remedy", problem.remedy())
                .log("Kafka is not as it should be");
    }
}
