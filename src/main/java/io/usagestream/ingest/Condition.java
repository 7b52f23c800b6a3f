package io.usagestream.ingest;

import io.usagestream.ingest.ReadFailure.Severity;
import io.usagestream.plan.Agenda;
import io.usagestream.plan.Backoff;
import io.usagestream.plan.Horizon;
import io.usagestream.plan.Task;
import io.usagestream.stream.Publication.Progress;
import io.usagestream.stream.Reason;
import io.usagestream.stream.SplitState;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** How a split is doing: what its last reads came to, put into a state and a reason. */
final class Condition {
    private static final Backoff WINDOWS = new Backoff(Duration.ofSeconds(2), Duration.ofMinutes(5));

    private final SplitMemory memory;
    private final SourceContext source;
    private Optional<Instant> lastSuccess = Optional.empty();
    private Optional<Instant> hotRead = Optional.empty();
    private final Map<Task.Kind, Course> courses = new EnumMap<>(Task.Kind.class);
    private boolean groupingIgnored;

    /** How often in a row tasks of one kind failed, and why the last time. A success of one kind says nothing of the others. */
    private static final class Course {
        private final Task.Kind kind;
        private int failures;
        private Optional<ReadFailure> last = Optional.empty();

        Course(Task.Kind kind) {
            this.kind = kind;
        }

        void succeeded() {
            failures = 0;
            last = Optional.empty();
        }

        void failed(ReadFailure failure) {
            failures++;
            last = Optional.of(failure);
        }

        /** What was read before and is refused now costs neither the newest nor finality. */
        boolean halted() {
            return kind != Task.Kind.RESCAN && (failedBy(Severity.HALT_STREAM) || failedBy(Severity.HALT_SOURCE));
        }

        boolean failedBy(Severity severity) {
            return last.filter(f -> f.severity() == severity).isPresent();
        }
    }

    Condition(SplitMemory memory, SourceContext source) {
        this.memory = memory;
        this.source = source;
        for (Task.Kind kind : Task.Kind.values()) {
            courses.put(kind, new Course(kind));
        }
        lastSuccess = memory.progress().flatMap(Progress::lastSuccessAt);
    }

    void succeeded(Task task, Complete complete, Horizon before) {
        of(task.kind()).succeeded();
        // the key is good again, for whatever is read with it
        courses.values().stream()
                .filter(course -> course.failedBy(Severity.HALT_SOURCE))
                .forEach(Course::succeeded);
        if (task.kind() == Task.Kind.PASS) {
            of(Task.Kind.REQUEST).succeeded(); // whoever asked may not ask any more
        }
        lastSuccess = Optional.of(complete.began());
        if (task.kind() == Task.Kind.HOT || !task.window().to().isBefore(before.frontier())) {
            hotRead = Optional.of(complete.began());
        }
        // a window without rows says nothing of it: a quiet night would else have the state come and go
        if (complete instanceof Complete.Buckets buckets && buckets.sweep().showsRows()) {
            groupingIgnored = buckets.sweep().ignoredGrouping();
        }
    }

    void failed(Task task, ReadFailure failure) {
        of(task.kind()).failed(failure);
    }

    /** How often in a row such a task failed. */
    int failures(Task task) {
        return of(task.kind()).failures;
    }

    /** How long after a failure such a task is tried again. */
    Duration pause(Task task, ReadFailure failure, LongSupplier random) {
        if (failure.reason() == Reason.NOT_FOUND) {
            return Duration.ofHours(1);
        }
        return switch (failure.severity()) {
            case HALT_STREAM -> Duration.ofMinutes(15);
            case HALT_SOURCE -> Duration.ofSeconds(1); // the source's gate decides
            case RETRY, TOO_LARGE ->
                WINDOWS.after(failures(task), random.getAsLong()).plusMillis(500);
        };
    }

    private Course of(Task.Kind kind) {
        return Optional.ofNullable(courses.get(kind)).orElseThrow();
    }

    private Course worst() {
        return courses.values().stream()
                .max(Comparator.comparing(Course::halted).thenComparingInt(course -> course.failures))
                .orElseThrow();
    }

    /** Whether somebody who waits for the split should stop waiting. */
    boolean givenUp() {
        return worst().failures >= SplitLoop.DEGRADED_AFTER || worst().halted();
    }

    private SplitState state(Agenda agenda, Horizon horizon, Instant now) {
        if (worst().halted()) {
            return SplitState.HALTED;
        }
        if (worst().failures >= SplitLoop.DEGRADED_AFTER || groupingIgnored) {
            return SplitState.DEGRADED;
        }
        if (lastSuccess.isEmpty()) {
            return SplitState.STARTING;
        }
        return agenda.caughtUp(horizon, now) ? SplitState.RUNNING : SplitState.CATCHING_UP;
    }

    private Optional<Reason> reason(SplitState state) {
        return switch (state) {
            case HALTED -> worst().last.map(ReadFailure::reason);
            case DEGRADED -> worst().last.map(ReadFailure::reason).or(() -> Optional.of(Reason.GROUPING_IGNORED));
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
                worst().last.map(ReadFailure::text).orElse(""),
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
