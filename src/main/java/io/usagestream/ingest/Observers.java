package io.usagestream.ingest;

import io.usagestream.dedup.Admitted;
import io.usagestream.sink.Batch;
import io.usagestream.sink.SinkFailure;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Split;
import io.usagestream.stream.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Several observers as one. An observer that fails is a bug of its own: it neither stops the others nor the work. */
public final class Observers implements Observer {
    private static final Logger LOG = LoggerFactory.getLogger(Observers.class);

    private final List<Observer> observers;

    public Observers(List<Observer> observers) {
        this.observers = List.copyOf(observers);
    }

    private void each(Consumer<Observer> tell) {
        for (Observer observer : observers) {
            try {
                tell.accept(observer);
            } catch (RuntimeException e) {
                LOG.atError()
                        .addKeyValue("observer", observer.getClass().getSimpleName())
                        .setCause(e)
                        .log("bug");
            }
        }
    }

    @Override
    public void turn(Split split, Window window) {
        each(o -> o.turn(split, window));
    }

    @Override
    public void ahead(Split split, Window window) {
        each(o -> o.ahead(split, window));
    }

    @Override
    public void turned(Split split, Optional<String> failure) {
        each(o -> o.turned(split, failure));
    }

    @Override
    public void page(Split split, Optional<Reason> failure, Duration took) {
        each(o -> o.page(split, failure, took));
    }

    @Override
    public void received(Split split, long bytes) {
        each(o -> o.received(split, bytes));
    }

    @Override
    public void waiting(Split split, Duration pause) {
        each(o -> o.waiting(split, pause));
    }

    @Override
    public void resting(Split split, Duration pause) {
        each(o -> o.resting(split, pause));
    }

    @Override
    public void unconfirmed(int lane) {
        each(o -> o.unconfirmed(lane));
    }

    @Override
    public void clamped(Split split, Duration asked) {
        each(o -> o.clamped(split, asked));
    }

    @Override
    public void admitted(Split split, Admitted admitted) {
        each(o -> o.admitted(split, admitted));
    }

    @Override
    public void windowFailed(Split split, Reason reason, String message) {
        each(o -> o.windowFailed(split, reason, message));
    }

    @Override
    public void committed(int lane, List<Batch> batches, Duration took) {
        each(o -> o.committed(lane, batches, took));
    }

    @Override
    public void commitFailed(int lane, SinkFailure failure, Duration took) {
        each(o -> o.commitFailed(lane, failure, took));
    }

    @Override
    public void lateChanges(Split split, int changes) {
        each(o -> o.lateChanges(split, changes));
    }

    @Override
    public void restatedInBulk(Split split, int restated, int seen) {
        each(o -> o.restatedInBulk(split, restated, seen));
    }

    @Override
    public void gaps(Split split, int buckets) {
        each(o -> o.gaps(split, buckets));
    }

    @Override
    public void split(SplitStatus status) {
        each(o -> o.split(status));
    }

    @Override
    public void lane(LaneStatus status) {
        each(o -> o.lane(status));
    }

    @Override
    public void caughtUp(Split split, Instant began) {
        each(o -> o.caughtUp(split, began));
    }

    @Override
    public void gaveUp(Split split, Reason reason, String message) {
        each(o -> o.gaveUp(split, reason, message));
    }
}
