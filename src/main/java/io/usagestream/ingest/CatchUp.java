package io.usagestream.ingest;

import io.usagestream.stream.Publication.Progress;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Split;
import io.usagestream.stream.SplitState;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Waits until every split, whoever owns it, has completed a sweep of its whole lookback that began after a certain time, or was given
 * up. It hears of its own splits as an observer, of all of them through the progress topic.
 */
public final class CatchUp implements Observer {
    private final Instant since;
    private final Map<String, Optional<Reason>> outcomes = new TreeMap<>();
    private final Set<String> awaited;
    private final Promise<Map<String, Optional<Reason>>> done = Promise.promise();

    /**
     * @param splits the splits to wait for
     * @param since when the process began
     */
    public CatchUp(Collection<Split> splits, Instant since) {
        this.awaited = splits.stream().map(Split::name).collect(Collectors.toCollection(HashSet::new));
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
            caughtUp(split.name());
        }
    }

    @Override
    public synchronized void gaveUp(Split split, Reason reason, String message) {
        outcomes.putIfAbsent(split.name(), Optional.of(reason));
        awaited.remove(split.name());
        check();
    }

    /** Takes a committed progress record. */
    public synchronized void progress(Progress progress) {
        String split = progress.split().name();
        boolean swept = progress.sweptAt().filter(at -> !at.isBefore(since)).isPresent();
        if (swept) {
            caughtUp(split);
        } else if (progress.state() == SplitState.HALTED
                && !progress.observedAt().isBefore(since)) {
            outcomes.putIfAbsent(split, progress.reason());
            awaited.remove(split);
            check();
        }
    }

    private void caughtUp(String split) {
        outcomes.put(split, Optional.empty());
        awaited.remove(split);
        check();
    }

    /**
     * Completes once nothing is awaited. It only looks whether anything is left: it is called at every commit for as long as the
     * process lives, of each of what may be thirty thousand splits.
     */
    private synchronized void check() {
        if (awaited.isEmpty() && !done.future().isComplete()) {
            done.tryComplete(new TreeMap<>(outcomes));
        }
    }
}
