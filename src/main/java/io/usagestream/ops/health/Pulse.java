package io.usagestream.ops.health;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;

/** A tick on one event loop: when it stops, something blocks the loop; when it comes late, something holds the loop up. */
public final class Pulse extends VerticleBase {
    private static final Duration EVERY = Duration.ofMillis(250);

    private final InstantSource clock;
    private final Liveness liveness;
    private final Consumer<Duration> late;
    private long timer;

    /** @param late is told by how much each tick was late */
    public Pulse(InstantSource clock, Liveness liveness, Consumer<Duration> late) {
        this.clock = clock;
        this.liveness = liveness;
        this.late = late;
    }

    @Override
    public Future<?> start() {
        liveness.tick(this, clock.instant());
        arm();
        return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
        vertx.cancelTimer(timer);
        liveness.stopped(this);
        return Future.succeededFuture();
    }

    private void arm() {
        Instant due = clock.instant().plus(EVERY);
        timer = vertx.setTimer(EVERY.toMillis(), fired -> tick(due));
    }

    private void tick(Instant due) {
        Instant now = clock.instant();
        liveness.tick(this, now);
        late.accept(now.isAfter(due) ? Duration.between(due, now) : Duration.ZERO);
        arm();
    }
}
