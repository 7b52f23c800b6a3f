package io.usagestream.cli;

import io.usagestream.config.Settings;
import io.usagestream.ingest.CatchUp;
import io.usagestream.ingest.Observer;
import io.usagestream.ops.trace.Otlp;
import io.usagestream.ops.trace.Tracing;
import io.usagestream.sink.kafka.TraceHeaders;
import io.usagestream.source.StreamSettings;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Split;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs the service until it is told to stop, or until everything has been read. */
@Command(
        name = "run",
        description = "Runs the service: polls every source, publishes to Kafka, until SIGTERM or SIGINT.")
final class RunCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);

    /** SIGTERM ends within this, also with Kafka out of reach. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(28);

    @Mixin
    private ConfigOption config = new ConfigOption();

    @Option(
            names = "--until-caught-up",
            description = "stop when every stream has read its history and swept its whole lookback once more")
    private boolean untilCaughtUp;

    @Override
    public Integer call() throws InterruptedException {
        Shutdown.onSignal(STOP_LIMIT, () -> ExitStatus.OK); // nothing has begun yet
        Settings settings = config.read();
        Instant began = Instant.now();
        Optional<Tracing> tracing = settings.traces().map(collector -> tracing(collector, settings));
        Vertx vertx = tracing.map(Tracing::vertx).orElseGet(Vertx::vertx);
        List<Split> splits = settings.sources().stream()
                .flatMap(source -> source.streams().stream())
                .map(StreamSettings::split)
                .toList();
        CatchUp catchUp = new CatchUp(splits, began);
        List<Observer> observers = new ArrayList<>(List.of(catchUp));
        tracing.ifPresent(traces -> observers.add(traces.observer()));
        Engine engine = new Engine(
                vertx,
                settings,
                observers,
                tracing.map(traces -> TraceHeaders.of(traces::headers)).orElse(TraceHeaders.NONE));
        if (!untilCaughtUp) {
            engine.showHistory();
        }
        CompletableFuture<Integer> end = new CompletableFuture<>();
        Shutdown.onSignal(STOP_LIMIT, () -> {
            stop(engine, vertx);
            tracing.ifPresent(Tracing::close);
            return ExitStatus.OK;
        });
        engine.start()
                .onSuccess(v -> engine.console().ifPresent(RunCommand::say))
                .onFailure(end::completeExceptionally);
        if (untilCaughtUp) {
            ProgressWatch watch = new ProgressWatch(settings, catchUp);
            watch.start();
            catchUp.done().onSuccess(outcomes -> end.complete(report(outcomes)));
        }
        int status = await(end);
        stop(engine, vertx);
        tracing.ifPresent(Tracing::close);
        return status;
    }

    private static Tracing tracing(URI collector, Settings settings) {
        return Otlp.to(
                collector,
                settings.instance().isEmpty() ? Engine.host() : settings.instance(),
                Version.text(),
                Clock.systemUTC());
    }

    private static void say(String console) {
        LOG.atInfo().addKeyValue("console", console).log("running");
    }

    private static int await(CompletableFuture<Integer> end) throws InterruptedException {
        try {
            return end.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e.getCause());
        }
    }

    /** Says both ends: who finds the first line without the second knows that the process was killed. */
    private static void stop(Engine engine, Vertx vertx) {
        LOG.info("stopping");
        long began = System.nanoTime();
        Future<Void> stopped = engine.stop().eventually(vertx::close);
        try {
            stopped.toCompletionStage().toCompletableFuture().get(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS);
            LOG.atInfo()
                    .addKeyValue("took_ms", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began))
                    .log("stopped");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
            System.err.println("usagestream: stopped late: " + e);
        }
    }

    /** Names what was given up; a stream that the account does not have is only a warning. */
    private static int report(Map<String, Optional<Reason>> outcomes) {
        int status = ExitStatus.OK;
        for (Map.Entry<String, Optional<Reason>> outcome : outcomes.entrySet()) {
            if (outcome.getValue().isPresent()) {
                Reason reason = outcome.getValue().get();
                boolean missing = reason == Reason.NOT_FOUND;
                System.err.println("usagestream: " + (missing ? "warning: " : "") + outcome.getKey() + " was given up: "
                        + reason.word());
                status = missing ? status : ExitStatus.FAILED;
            }
        }
        return status;
    }
}
