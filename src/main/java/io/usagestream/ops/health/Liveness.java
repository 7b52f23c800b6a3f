package io.usagestream.ops.health;

import io.usagestream.dedup.Admitted;
import io.usagestream.ingest.LaneStatus;
import io.usagestream.ingest.LaneStatus.Phase;
import io.usagestream.ingest.Observer;
import io.usagestream.ingest.SplitStatus;
import io.usagestream.ops.Instance;
import io.usagestream.sink.Batch;
import io.usagestream.sink.LaneNumber;
import io.usagestream.sink.SinkFailure;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Split;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whether the process lives: its event loops tick, and every lane made a step within its deadline. A failed request, a failed
 * commit, an opening that failed are steps too: what Kafka, the registry or upstream do never fails it, because a restart would not
 * mend them.
 */
public final class Liveness implements Observer {
    /** An event loop that did not tick for so long is blocked. */
    static final Duration TICK = Duration.ofSeconds(30);

    private final Instance instance;
    private final Duration patience;
    private final InstantSource clock;
    private final Map<Pulse, Instant> ticks = new ConcurrentHashMap<>();
    private final Map<Integer, Instant> deadlines = new ConcurrentHashMap<>();

    /**
     * @param patience how long a lane may go without a step: longer than the longest poll interval and any time limit of a client
     */
    public Liveness(Instance instance, Duration patience, InstantSource clock) {
        this.instance = instance;
        this.patience = patience;
        this.clock = clock;
    }

    void tick(Pulse pulse, Instant now) {
        ticks.put(pulse, now);
    }

    void stopped(Pulse pulse) {
        ticks.remove(pulse);
    }

    /** Whether it lives now. */
    public ProbeAnswer answer() {
        Instant now = clock.instant();
        List<String> because = new ArrayList<>();
        long blocked = ticks.values().stream()
                .filter(at -> Duration.between(at, now).compareTo(TICK) > 0)
                .count();
        if (blocked > 0) {
            because.add(blocked + " event loop(s) did not tick for " + TICK.toSeconds() + " s");
        }
        new TreeMap<>(deadlines).forEach((lane, deadline) -> {
            if (now.isAfter(deadline)) {
                because.add("lane " + lane + " made no step since its deadline at " + deadline);
            }
        });
        return new ProbeAnswer(List.copyOf(because));
    }

    private void step(Split split, Duration pause) {
        step(LaneNumber.of(split.source(), instance.lanes()), pause);
    }

    /** A lane that may be silent until a later time keeps that time: its other splits' steps do not shorten it. */
    private void step(int lane, Duration pause) {
        Instant deadline = clock.instant().plus(pause).plus(patience);
        deadlines.computeIfPresent(lane, (l, before) -> deadline.isAfter(before) ? deadline : before);
    }

    @Override
    public void page(Split split, Optional<Reason> failure, Duration took) {
        step(split, Duration.ZERO);
    }

    @Override
    public void waiting(Split split, Duration pause) {
        step(split, pause);
    }

    @Override
    public void resting(Split split, Duration pause) {
        step(split, pause);
    }

    @Override
    public void unconfirmed(int lane) {
        step(lane, Duration.ZERO);
    }

    @Override
    public void admitted(Split split, Admitted admitted) {
        step(split, Duration.ZERO);
    }

    @Override
    public void windowFailed(Split split, Reason reason, String message) {
        step(split, Duration.ZERO);
    }

    @Override
    public void committed(int lane, List<Batch> batches, Duration took) {
        step(lane, Duration.ZERO);
    }

    @Override
    public void commitFailed(int lane, SinkFailure failure, Duration took) {
        step(lane, Duration.ZERO);
    }

    @Override
    public void split(SplitStatus status) {
        Instant now = clock.instant();
        Duration pause = status.waiting()
                .map(wait -> Duration.between(now, wait.until()))
                .filter(wait -> !wait.isNegative())
                .orElse(Duration.ZERO);
        step(status.lane(), pause);
    }

    @Override
    public void lane(LaneStatus status) {
        boolean allRefused = status.phase() == Phase.RUNNING && status.splits() == 0;
        boolean steps = status.phase() != Phase.CLOSED
                && !allRefused
                && !instance.sourcesOf(status.lane()).isEmpty();
        if (steps) {
            deadlines.put(status.lane(), clock.instant().plus(patience));
        } else {
            deadlines.remove(status.lane());
        }
    }
}
