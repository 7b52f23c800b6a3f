package io.usagestream.ingest;

import io.usagestream.stream.Publication.Progress;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Split;
import io.usagestream.stream.SplitState;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Waits until every split, whoever owns it, has completed a sweep of its whole lookback that began after a certain time, or was given
 * up. It hears of its own splits as an observer, of all of them through the progress topic.
 */
public final class CatchUp implements Observer {
    private final Instant since;
    private final Map<String, Optional<Reason>> outcomes = new HashMap<>();
    private final Collection<Split> splits;
    private final Promise<Map<String, Optional<Reason>>> done = Promise.promise();

    /**
     * @param splits the splits to wait for
     * @param since when the process began
     */
    public CatchUp(Collection<Split> splits, Instant since) {
        this.splits = splits;
        this.since = since;
    }

    /** Completes with every split and the reason for which it was given up, if it was. */
    public Future<Map<String, Optional<Reason>>> done() {
        check();
        return done.future();
    }

    @Override
    public synchronized void caughtUp(Split split, Instant began) {
        if (!began.isBefore(since)) {
            outcomes.put(split.name(), Optional.empty());
            check();
        }
    }

    @Override
    public synchronized void gaveUp(Split split, Reason reason, String message) {
        outcomes.putIfAbsent(split.name(), Optional.of(reason));
        check();
    }

    /** Takes a committed progress record. */
    public synchronized void progress(Progress progress) {
        boolean swept = progress.sweptAt().filter(at -> !at.isBefore(since)).isPresent();
        if (swept) {
            outcomes.put(progress.split().name(), Optional.empty());
        } else if (progress.state() == SplitState.HALTED
                && !progress.observedAt().isBefore(since)) {
            outcomes.putIfAbsent(progress.split().name(), progress.reason());
        }
        check();
    }

    private synchronized void check() {
        if (splits.stream().allMatch(split -> outcomes.containsKey(split.name()))) {
            done.tryComplete(new TreeMap<>(outcomes));
        }
    }
}
