package io.usagestream.ingest;

import io.usagestream.source.Clocks;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Split;
import io.usagestream.stream.SplitState;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log what a person wants to know: a split's or a lane's change of state, once. Quiet when all is well. */
public final class LogObserver implements Observer {
    private static final Logger LOG = LoggerFactory.getLogger("io.usagestream.ingest");

    /** What was said of a split: the state that it is in, and the reasons for it, which may come and go in turns as long as upstream is down. */
    private record Said(SplitState state, Set<Optional<Reason>> reasons) {}

    private final Map<Split, Said> splits = new ConcurrentHashMap<>();
    private final Set<String> skewed = ConcurrentHashMap.newKeySet();

    @Override
    public void clamped(Split split, Duration asked) {
        LOG.atWarn()
                .addKeyValue("split", split.name())
                .addKeyValue("asked_seconds", asked.toSeconds())
                .log("upstream asks for a longer wait than is heeded");
    }

    private void skew(SplitStatus status) {
        String source = status.split().source();
        boolean apart = status.skew().abs().compareTo(Clocks.SKEW) > 0;
        if (!apart) {
            skewed.remove(source);
        } else if (skewed.add(source)) {
            LOG.atWarn()
                    .addKeyValue("source", source)
                    .addKeyValue("reason", Reason.CLOCK_SKEW.word())
                    .addKeyValue("skew_seconds", status.skew().toSeconds())
                    .log("upstream's clock and ours are apart; the earlier one counts");
        }
    }

    @Override
    public void split(SplitStatus status) {
        skew(status);
        Said before = splits.get(status.split());
        if (before != null && before.state() == status.state()) {
            if (!before.reasons().add(status.reason())) {
                return;
            }
        } else {
            splits.put(status.split(), new Said(status.state(), new HashSet<>(Set.of(status.reason()))));
        }
        boolean ill = isIll(status.state());
        boolean recovered = !ill && before != null && isIll(before.state());
        var line = status.state() == SplitState.HALTED
                ? LOG.atError()
                : ill ? LOG.atWarn() : recovered ? LOG.atInfo() : LOG.atDebug();
        line = line.addKeyValue("split", status.split().name()).addKeyValue("state", status.state());
        if (status.reason().isPresent()) {
            line = line.addKeyValue("reason", status.reason().get().word()).addKeyValue("message", status.message());
        }
        line.log("split changed state");
    }

    private static boolean isIll(SplitState state) {
        return state == SplitState.DEGRADED || state == SplitState.HALTED;
    }

    @Override
    public void windowFailed(Split split, Reason reason, String message) {
        LOG.atDebug()
                .addKeyValue("split", split.name())
                .addKeyValue("reason", reason.word())
                .addKeyValue("message", message)
                .log("window failed");
    }

    @Override
    public void lane(LaneStatus status) {
        var line = status.phase() == LaneStatus.Phase.REFUSED
                ? LOG.atError()
                : status.splits() > 0 ? LOG.atInfo() : LOG.atDebug();
        switch (status.phase()) {
            case RUNNING ->
                line.addKeyValue("lane", status.lane())
                        .addKeyValue("splits", status.splits())
                        .addKeyValue(
                                "restore_ms",
                                status.restore().map(Duration::toMillis).orElse(0L))
                        .log("lane is running");
            case REFUSED ->
                line.addKeyValue("lane", status.lane())
                        .addKeyValue("message", status.message())
                        .log("lane is refused");
            default ->
                LOG.atDebug()
                        .addKeyValue("lane", status.lane())
                        .addKeyValue("phase", status.phase())
                        .log("lane changed");
        }
    }

    @Override
    public void lateChanges(Split split, int changes) {
        LOG.atWarn()
                .addKeyValue("split", split.name())
                .addKeyValue("changes", changes)
                .log("upstream changed rows later than the configured lookback");
    }

    @Override
    public void restatedInBulk(Split split, int restated, int seen) {
        LOG.atWarn()
                .addKeyValue("split", split.name())
                .addKeyValue("reason", Reason.RESTATED_BULK.word())
                .addKeyValue("restated", restated)
                .addKeyValue("of", seen)
                .log("upstream rewrote history");
    }
}
