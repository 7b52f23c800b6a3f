package io.usagestream.ingest;

import io.usagestream.sink.LaneLog;
import io.usagestream.sink.Ownership;
import io.usagestream.stream.Work;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.random.RandomGenerator;

/** The shell of a lane: gives it an event loop, a clock, and the accounts of its sources. */
final class LaneVerticle extends VerticleBase {
    private final int number;
    private final LaneLog log;
    private final Ownership ownership;
    private final Accounts accounts;
    private final Observer observer;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Collection<Work> work;
    private List<SourceContext> sources = List.of();
    private volatile Lane lane;

    @SuppressWarnings("NullAway") // the lane is made when Vert.x starts the verticle
    LaneVerticle(
            int number,
            LaneLog log,
            Ownership ownership,
            Accounts accounts,
            Observer observer,
            InstantSource clock,
            RandomGenerator random,
            Collection<Work> work) {
        this.number = number;
        this.log = log;
        this.ownership = ownership;
        this.accounts = accounts;
        this.observer = observer;
        this.clock = clock;
        this.random = random;
        this.work = work;
    }

    @Override
    public Future<?> start() {
        Ticker ticker = new VertxTicker(vertx, context, clock, random);
        sources = accounts.open(number, log.lanes(), vertx, clock.instant());
        lane = new Lane(number, log, ownership, sources, ticker, observer);
        work.forEach(lane::work);
        lane.start();
        return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
        return lane.stop().eventually(() -> Accounts.close(sources));
    }

    /** Hands work to the lane, on its event loop. */
    void work(Work piece) {
        context.runOnContext(v -> lane.work(piece));
    }

    /** Tells the lane, on its event loop, that work is not to be done any more. */
    void forget(String id) {
        context.runOnContext(v -> lane.forget(id));
    }
}
