package io.usagestream.simulation;

import io.usagestream.ingest.Ticker;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/** The clock and the timers of one instance: it may be wrong, and it dies with the instance. */
final class SimTicker implements Ticker {
    private final SimWorld world;
    private final Dice dice;
    private Duration offset = Duration.ZERO;
    private long tasksLeft = Long.MAX_VALUE;
    private Runnable whenDead = () -> {};

    SimTicker(SimWorld world, Dice dice) {
        this.world = world;
        this.dice = dice;
    }

    @Override
    public Instant now() {
        return world.now().plus(offset);
    }

    @Override
    public Timer after(Duration delay, Runnable task) {
        boolean[] cancelled = new boolean[1];
        world.in(Math.max(1, delay.toMillis()), () -> {
            if (!cancelled[0]) {
                run(task);
            }
        });
        return () -> cancelled[0] = true;
    }

    @Override
    public void execute(Runnable task) {
        world.in(0, () -> run(task));
    }

    /** It is worked out at some moment of its own, and the outcome comes back later still: others run before and between. */
    @Override
    public <T> Future<T> aside(int rows, Supplier<T> work) {
        Promise<T> outcome = Promise.promise();
        world.in(
                dice.between(0, 5),
                () -> run(() -> {
                    Future<T> worked = Future.<Void>succeededFuture().map(v -> work.get());
                    world.in(dice.between(0, 20), () -> run(() -> worked.onComplete(outcome)));
                }));
        return outcome.future();
    }

    @Override
    public long random() {
        return dice.bits();
    }

    /** The clock is wrong by that much from now on. */
    void step(Duration to) {
        offset = to;
    }

    Duration offset() {
        return offset;
    }

    boolean alive() {
        return tasksLeft > 0;
    }

    /** Dies at once: whatever it waits for never comes. */
    void die() {
        tasksLeft = 0;
    }

    /** Dies after that many more tasks: at whatever await that is. */
    void dieAfter(long tasks, Runnable then) {
        tasksLeft = Math.min(tasksLeft, tasks);
        whenDead = then;
    }

    private void run(Runnable task) {
        if (tasksLeft <= 0) {
            return;
        }
        if (tasksLeft != Long.MAX_VALUE && --tasksLeft == 0) {
            whenDead.run();
            return;
        }
        task.run();
    }
}
