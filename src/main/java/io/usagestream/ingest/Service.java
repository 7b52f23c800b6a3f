package io.usagestream.ingest;

import io.usagestream.sink.LaneLog;
import io.usagestream.sink.Ownership;
import io.usagestream.source.Provider;
import io.usagestream.source.SourceSettings;
import io.usagestream.stream.Work;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The service: joins the group, runs a lane verticle for every lane that it is given, stops it when the lane is taken away.
 *
 * <p>A lane that comes back begins at once, even if its last verticle still ends, as after a loss or a revocation that took too
 * long: what the old one has in flight is fenced by the new one's opening, as if another process had it.
 */
public final class Service {
    private static final Logger LOG = LoggerFactory.getLogger(Service.class);

    /** How long after a lane could not begin it is tried again. */
    private static final Duration AGAIN = Duration.ofSeconds(5);

    private final Vertx vertx;
    private final LaneLog log;
    private final Ownership ownership;
    private final Accounts accounts;
    private final Observer observer;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Map<Integer, Running> lanes = new HashMap<>();
    /** What is asked of our sources and not done by all of their splits. */
    private final Map<String, Work> work = new LinkedHashMap<>();

    /** A lane's verticle, and its deployment: what is asked of it waits for that. */
    private record Running(LaneVerticle verticle, Future<String> deployed) {}

    public Service(
            Vertx vertx,
            LaneLog log,
            Ownership ownership,
            List<Provider> providers,
            List<SourceSettings> sources,
            Observer observer,
            InstantSource clock,
            RandomGenerator random) {
        this.vertx = vertx;
        this.log = log;
        this.ownership = ownership;
        this.accounts = new Accounts(providers, sources);
        this.observer = observer;
        this.clock = clock;
        this.random = random;
    }

    /** Joins the group; lanes begin as they are assigned. */
    public Future<Void> start() {
        return ownership
                .work(new Ownership.WorkListener() {
                    @Override
                    public void asked(Work piece) {
                        take(piece);
                    }

                    @Override
                    public void forgotten(String id) {
                        forget(id);
                    }
                })
                .compose(v -> ownership.join(new Ownership.Listener() {
                    @Override
                    public void assigned(int lane) {
                        begin(lane);
                    }

                    @Override
                    public Future<Void> revoked(int lane) {
                        return end(lane);
                    }

                    @Override
                    public void lost(int lane) {
                        end(lane);
                    }
                }));
    }

    /**
     * Stops every lane, then leaves the group: in this order, so that a commit in flight may finish before another instance fences
     * it.
     */
    public Future<Void> stop() {
        List<Integer> running;
        synchronized (lanes) {
            running = List.copyOf(lanes.keySet());
        }
        return Future.join(running.stream().map(this::end).toList())
                .<Void>mapEmpty()
                .otherwiseEmpty()
                .compose(v -> ownership.leave());
    }

    private void begin(int lane) {
        synchronized (lanes) {
            LaneVerticle verticle = new LaneVerticle(
                    lane, log, ownership, accounts, observer, clock, random, List.copyOf(work.values()));
            LOG.atDebug().addKeyValue("lane", lane).log("lane assigned");
            Running running = new Running(verticle, vertx.deployVerticle(verticle));
            lanes.put(lane, running);
            running.deployed().onFailure(e -> notBegun(lane, running, e));
        }
    }

    private void notBegun(int lane, Running running, Throwable cause) {
        LOG.atError()
                .addKeyValue("lane", lane)
                .addKeyValue("again_seconds", AGAIN.toSeconds())
                .setCause(cause)
                .log("lane could not begin, and is not read until it can");
        vertx.setTimer(AGAIN.toMillis(), id -> {
            synchronized (lanes) {
                if (running.equals(lanes.get(lane))) { // else it was taken away meanwhile
                    begin(lane);
                }
            }
        });
    }

    private Future<Void> end(int lane) {
        Optional<Running> running;
        synchronized (lanes) {
            running = Optional.ofNullable(lanes.remove(lane));
        }
        LOG.atDebug().addKeyValue("lane", lane).log("lane given up");
        // what could not begin has nothing to end
        return running.map(r -> r.deployed()
                        .transform(done ->
                                done.succeeded() ? vertx.undeploy(done.result()) : Future.<Void>succeededFuture()))
                .orElseGet(Future::succeededFuture);
    }

    private void take(Work piece) {
        boolean over = accounts.named(piece.source())
                .map(SourceSettings::splits)
                .map(piece::isOverFor)
                .orElse(true);
        synchronized (lanes) {
            if (over) {
                work.remove(piece.id());
            } else {
                work.put(piece.id(), piece);
            }
            lanes.values()
                    .forEach(r -> r.deployed().onSuccess(id -> r.verticle().work(piece)));
        }
    }

    private void forget(String id) {
        synchronized (lanes) {
            work.remove(id);
            lanes.values()
                    .forEach(r -> r.deployed().onSuccess(started -> r.verticle().forget(id)));
        }
    }
}
