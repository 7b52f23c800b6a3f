package io.usagestream.cli;

import io.usagestream.config.Settings;
import io.usagestream.sink.kafka.GroupOwners;
import io.usagestream.source.SourceSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a source's lanes in this process when nobody else does: then a command is its own owner. When a service joins the group after
 * all, it leaves: lanes that it kept would have no other source read.
 */
final class Alone implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Alone.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(3);
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration STOP = Duration.ofSeconds(20);

    private final Vertx vertx;
    private final GroupOwners group;
    private final Optional<Engine> engine;
    private Optional<Future<Void>> left = Optional.empty();

    private Alone(Vertx vertx, GroupOwners group, Optional<Engine> engine) {
        this.vertx = vertx;
        this.group = group;
        this.engine = engine;
    }

    /** Starts the service for that source unless the group has a member. */
    static Alone unlessOwned(Settings settings, SourceSettings source) throws InterruptedException {
        Vertx vertx = Vertx.vertx();
        GroupOwners group;
        try {
            group = new GroupOwners(vertx, KafkaParts.kafka(settings));
        } catch (RuntimeException e) {
            Waiting.forIt(vertx.close(), STOP);
            throw e;
        }
        Alone bare = new Alone(vertx, group, Optional.empty());
        try {
            if (!Waiting.forIt(group.ask(), START).isEmpty()) {
                return bare;
            }
            Engine engine = new Engine(vertx, only(settings, source), List.of());
            Alone alone = new Alone(vertx, group, Optional.of(engine));
            Waiting.forIt(engine.start(), START);
            alone.watch();
            return alone;
        } catch (RuntimeException | InterruptedException e) {
            bare.close();
            throw e;
        }
    }

    private void watch() {
        vertx.setTimer(
                LOOK_EVERY.toMillis(),
                fired -> group.ask().onComplete(owners -> {
                    boolean joined = owners.succeeded()
                            && Set.copyOf(owners.result().values()).size() > 1;
                    if (joined) {
                        LOG.atInfo().log("a service is running now: it goes on with what was begun here");
                        leave();
                    } else {
                        watch();
                    }
                }));
    }

    private synchronized Future<Void> leave() {
        Future<Void> leaving = left.or(() -> engine.map(Engine::stop)).orElseGet(Future::succeededFuture);
        left = Optional.of(leaving);
        return leaving;
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
            Waiting.forIt(leave().eventually(group::close).eventually(vertx::close), STOP);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
