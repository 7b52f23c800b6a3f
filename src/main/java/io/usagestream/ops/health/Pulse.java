package io.usagestream.ops.health;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Instant;
import java.time.InstantSource;

/** A tick on one event loop: when it stops, something blocks the loop. */
public final class Pulse extends VerticleBase {
    private static final long EVERY_MS = 1_000;

    private final InstantSource clock;
    private final Liveness liveness;
    private long timer;

    public Pulse(InstantSource clock, Liveness liveness) {
        this.clock = clock;
        this.liveness = liveness;
    }

    @Override
    public Future<?> start() {
        tick();
        timer = vertx.setPeriodic(EVERY_MS, fired -> tick());
        return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
        vertx.cancelTimer(timer);
        liveness.stopped(this);
        return Future.succeededFuture();
    }

    private void tick() {
        Instant now = clock.instant();
        liveness.tick(this, now);
    }
}
