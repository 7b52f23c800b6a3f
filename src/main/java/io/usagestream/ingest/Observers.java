package io.usagestream.ingest;

import io.usagestream.dedup.Admitted;
import io.usagestream.sink.Batch;
import io.usagestream.sink.SinkFailure;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Split;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Several observers as one; they are told in the order in which they came. */
public final class Observers implements Observer {
    private final List<Observer> observers;

    public Observers(List<Observer> observers) {
        this.observers = new CopyOnWriteArrayList<>(observers);
    }

    @Override
    public void page(Split split, Optional<Reason> failure, Duration took) {
        observers.forEach(o -> o.page(split, failure, took));
    }

    @Override
    public void waiting(Split split, Duration pause) {
        observers.forEach(o -> o.waiting(split, pause));
    }

    @Override
    public void admitted(Split split, Admitted admitted) {
        observers.forEach(o -> o.admitted(split, admitted));
    }

    @Override
    public void windowFailed(Split split, Reason reason, String message) {
        observers.forEach(o -> o.windowFailed(split, reason, message));
    }

    @Override
    public void committed(int lane, List<Batch> batches, Duration took) {
        observers.forEach(o -> o.committed(lane, batches, took));
    }

    @Override
    public void commitFailed(int lane, SinkFailure failure, Duration took) {
        observers.forEach(o -> o.commitFailed(lane, failure, took));
    }

    @Override
    public void lateChanges(Split split, int changes) {
        observers.forEach(o -> o.lateChanges(split, changes));
    }

    @Override
    public void gaps(Split split, int buckets) {
        observers.forEach(o -> o.gaps(split, buckets));
    }

    @Override
    public void split(SplitStatus status) {
        observers.forEach(o -> o.split(status));
    }

    @Override
    public void lane(LaneStatus status) {
        observers.forEach(o -> o.lane(status));
    }

    @Override
    public void caughtUp(Split split, Instant began) {
        observers.forEach(o -> o.caughtUp(split, began));
    }

    @Override
    public void gaveUp(Split split, Reason reason, String message) {
        observers.forEach(o -> o.gaveUp(split, reason, message));
    }
}
