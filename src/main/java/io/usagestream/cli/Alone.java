package io.usagestream.cli;

import io.usagestream.config.Settings;
import io.usagestream.sink.kafka.GroupOwners;
import io.usagestream.source.SourceSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs a source's lanes in this process when nobody else does: then a command is its own owner. */
final class Alone implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration STOP = Duration.ofSeconds(20);

    private final Vertx vertx;
    private final Optional<Engine> engine;

    private Alone(Vertx vertx, Optional<Engine> engine) {
        this.vertx = vertx;
        this.engine = engine;
    }

    /** Starts the service for that source unless the group has a member. */
    static Alone unlessOwned(Settings settings, SourceSettings source) throws InterruptedException {
        Vertx vertx = Vertx.vertx();
        Alone bare = new Alone(vertx, Optional.empty());
        try {
            GroupOwners group = new GroupOwners(vertx, KafkaParts.kafka(settings));
            Map<Integer, String> owners = await(group.ask().eventually(group::close), START);
            if (!owners.isEmpty()) {
                return bare;
            }
            Engine engine = new Engine(vertx, only(settings, source), List.of());
            Alone alone = new Alone(vertx, Optional.of(engine));
            await(engine.start(), START);
            return alone;
        } catch (RuntimeException | InterruptedException e) {
            bare.close();
            throw e;
        }
    }

    /** Whether this process does the work. */
    boolean isOwner() {
        return engine.isPresent();
    }

    /** The settings with that source alone, and with any free port: the configured one may be taken. */
    private static Settings only(Settings settings, SourceSettings source) {
        Settings.Http http = settings.http();
        return new Settings(
                settings.kafka(),
                settings.topics(),
                settings.oldTransactions(),
                settings.instance(),
                settings.rescan(),
                settings.registry(),
                settings.traces(),
                new Settings.Http("127.0.0.1", 0, http.token()),
                List.of(source));
    }

    @Override
    public void close() {
        try {
            if (engine.isPresent()) {
                await(engine.get().stop(), STOP);
            }
            await(vertx.close(), STOP);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static <T> T await(Future<T> future, Duration patience) throws InterruptedException {
        try {
            return future.toCompletionStage().toCompletableFuture().get(patience.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new CommandException(ExitStatus.FAILED, "no answer within " + patience.toSeconds() + " s");
        }
    }
}
