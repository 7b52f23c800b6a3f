package io.usagestream.ingest;

import io.usagestream.checkpoint.SegmentName;
import io.usagestream.sink.Batch;
import io.usagestream.sink.LaneSession;
import io.usagestream.sink.SinkException;
import io.usagestream.sink.SinkFailure;
import io.usagestream.stream.Split;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The commits of one lane's session: one transaction at a time. What arrives while one is in flight goes into the next together, and
 * what arrives alone waits a moment while most windows of the lane are still on their way, so that many splits cost few
 * transactions. After a group was aborted its splits commit one by one, so that the one at fault shows.
 */
final class CommitQueue {
    /** Batches in one transaction at most. */
    private static final int MAX_BATCHES = 64;

    /** Records in one transaction, above which no further batch is added. */
    private static final int MAX_RECORDS = 20_000;

    /** How long a batch waits for others that are on their way, at most. */
    static final Duration GATHERING = Duration.ofMillis(25);

    private record Waiting(Batch batch, Promise<Map<SegmentName, Long>> promise) {}

    private final int lane;
    private final LaneSession session;
    private final WindowSlots slots;
    private final Set<Split> apart;
    private final Ticker ticker;
    private final Observer observer;
    private final Consumer<SinkFailure> onFailure;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private Optional<Ticker.Timer> gathering = Optional.empty();
    private boolean inFlight;
    private boolean closed;

    /**
     * @param slots says how many windows are on their way
     * @param apart splits that are to commit alone until each is through; this queue takes them out and puts them in
     * @param onFailure told once, when the session is spent
     */
    CommitQueue(
            int lane,
            LaneSession session,
            WindowSlots slots,
            Set<Split> apart,
            Ticker ticker,
            Observer observer,
            Consumer<SinkFailure> onFailure) {
        this.lane = lane;
        this.session = session;
        this.slots = slots;
        this.apart = apart;
        this.ticker = ticker;
        this.observer = observer;
        this.onFailure = onFailure;
    }

    Future<Map<SegmentName, Long>> commit(Batch batch) {
        Promise<Map<SegmentName, Long>> promise = Promise.promise();
        waiting.add(new Waiting(batch, promise));
        next();
        return promise.future();
    }

    /** Nothing is committed any more; what is in flight may still be. */
    void close() {
        closed = true;
        waiting.clear();
        gathered();
    }

    private void next() {
        if (inFlight || closed || waiting.isEmpty()) {
            return;
        }
        if (2 * waiting.size() >= slots.taken()) {
            gathered();
            begin();
        } else if (gathering.isEmpty()) {
            gathering = Optional.of(ticker.after(GATHERING, () -> {
                gathering = Optional.empty();
                // it may have been cancelled when it had rung already
                if (!inFlight && !closed && !waiting.isEmpty()) {
                    begin();
                }
            }));
        }
    }

    private void gathered() {
        gathering.ifPresent(Ticker.Timer::cancel);
        gathering = Optional.empty();
    }

    private void begin() {
        List<Waiting> group = group();
        List<Batch> batches = group.stream().map(Waiting::batch).toList();
        inFlight = true;
        Instant began = ticker.now();
        session.commit(batches)
                .onComplete(done -> ticker.execute(() -> {
                    inFlight = false;
                    Duration took = Duration.between(began, ticker.now());
                    if (done.succeeded()) {
                        observer.committed(lane, batches, took);
                        batches.forEach(batch -> apart.remove(batch.split()));
                        group.forEach(w -> w.promise.complete(done.result()));
                        next();
                    } else {
                        failed(group, done.cause(), took);
                    }
                }));
    }

    private List<Waiting> group() {
        List<Waiting> group = new ArrayList<>();
        int records = 0;
        while (!waiting.isEmpty() && group.size() < MAX_BATCHES && records < MAX_RECORDS) {
            boolean alone = apart.contains(waiting.peek().batch.split());
            if (alone && !group.isEmpty()) {
                break;
            }
            Waiting next = waiting.poll();
            group.add(next);
            records += next.batch.publications().size();
            if (alone) {
                break;
            }
        }
        return group;
    }

    private void failed(List<Waiting> group, Throwable cause, Duration took) {
        SinkFailure failure = SinkFailure.of(cause);
        observer.commitFailed(lane, failure, took);
        if (group.size() > 1 && failure instanceof SinkFailure.Aborted) {
            group.forEach(w -> apart.add(w.batch.split()));
        }
        boolean told = closed;
        close();
        group.forEach(w -> w.promise.fail(new SinkException(failure)));
        if (!told) {
            onFailure.accept(failure);
        }
    }
}
