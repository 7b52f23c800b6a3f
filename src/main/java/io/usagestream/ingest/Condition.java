package io.usagestream.ingest;

import io.usagestream.plan.Agenda;
import io.usagestream.plan.Horizon;
import io.usagestream.plan.Task;
import io.usagestream.stream.Publication.Progress;
import io.usagestream.stream.Reason;
import io.usagestream.stream.SplitState;
import java.time.Instant;
import java.util.Optional;

/** How a split is doing: what its last reads came to, put into a state and a reason. */
final class Condition {
    private final SplitMemory memory;
    private final SourceContext source;
    private Optional<Instant> lastSuccess = Optional.empty();
    private Optional<Instant> hotRead = Optional.empty();
    private Optional<ReadFailure> last = Optional.empty();
    private boolean groupingIgnored;
    private int failures;

    Condition(SplitMemory memory, SourceContext source) {
        this.memory = memory;
        this.source = source;
        lastSuccess = memory.progress().flatMap(Progress::lastSuccessAt);
    }

    void succeeded(Task task, Complete complete, Horizon before) {
        failures = 0;
        last = Optional.empty();
        lastSuccess = Optional.of(complete.began());
        if (task.kind() == Task.Kind.HOT || !task.window().to().isBefore(before.frontier())) {
            hotRead = Optional.of(complete.began());
        }
        groupingIgnored =
                complete instanceof Complete.Buckets buckets && buckets.sweep().ignoredGrouping();
    }

    void failed(ReadFailure failure) {
        failures++;
        last = Optional.of(failure);
    }

    int failures() {
        return failures;
    }

    /** Whether somebody who waits for the split should stop waiting. */
    boolean givenUp() {
        return failures >= SplitLoop.DEGRADED_AFTER || halted();
    }

    private boolean halted() {
        return last.filter(f -> f.severity() == ReadFailure.Severity.HALT_STREAM
                        || f.severity() == ReadFailure.Severity.HALT_SOURCE)
                .isPresent();
    }

    private SplitState state(Agenda agenda, Horizon horizon, Instant now) {
        if (halted()) {
            return SplitState.HALTED;
        }
        if (failures >= SplitLoop.DEGRADED_AFTER || groupingIgnored) {
            return SplitState.DEGRADED;
        }
        if (lastSuccess.isEmpty()) {
            return SplitState.STARTING;
        }
        return agenda.caughtUp(horizon, now) ? SplitState.RUNNING : SplitState.CATCHING_UP;
    }

    private Optional<Reason> reason(SplitState state) {
        return switch (state) {
            case HALTED -> last.map(ReadFailure::reason);
            case DEGRADED -> last.map(ReadFailure::reason).or(() -> Optional.of(Reason.GROUPING_IGNORED));
            default -> Optional.empty();
        };
    }

    Progress progress(Agenda agenda, Horizon horizon, Optional<Instant> swept, Instant now) {
        SplitState state = state(agenda, horizon, now);
        return new Progress(
                memory.split(),
                state,
                reason(state),
                horizon.frontier(),
                horizon.watermark(),
                lastSuccess,
                swept.or(memory::sweptAt),
                memory.settings().lookback(),
                memory.ages().p999(),
                now);
    }

    SplitStatus status(int lane, Agenda agenda, Instant now) {
        SplitState state = state(agenda, memory.horizon(), now);
        return new SplitStatus(
                memory.split(),
                lane,
                state,
                reason(state),
                last.map(ReadFailure::text).orElse(""),
                Optional.of(memory.horizon().frontier()),
                Optional.of(memory.horizon().watermark()),
                hotRead,
                lastSuccess,
                memory.sweptAt(),
                memory.settings().lookback(),
                memory.ages().p999(),
                source.waiting(now),
                memory.index().entries(),
                memory.index().bytes(),
                source.skew(),
                source.unknown(memory.split()));
    }
}
