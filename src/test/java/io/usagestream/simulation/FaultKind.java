package io.usagestream.simulation;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What goes wrong in a run, and how often it did over all of them: a fault that never occurred proves nothing. */
enum FaultKind {
    SLOW_ANSWER,
    THROTTLED,
    SERVER_ERROR,
    TRUNCATED,
    MALFORMED,
    CURSOR_REFUSED,
    CURSOR_MISSING,
    LOST_REPLY,
    TOO_LARGE,
    AUTH_REJECTED,
    MISSING_BUCKET,
    EMPTY_DATA,
    GRANULARITY_CHANGED,
    RESTATED,
    RESTATED_LATE,
    VANISHED,
    RETURNED,
    UNIT_CHANGED,
    MEASURE_ABSENT,
    QUARANTINED,
    EVENT_LATE,
    EVENT_VERY_LATE,
    EVENT_GONE,
    COST_FILLED_IN,
    TWIN,
    SHIFTED_LIST,
    OFFSET_WRAPPED,
    COMMIT_ABORTED,
    COMMIT_UNKNOWN_DONE,
    COMMIT_UNKNOWN_NOT_DONE,
    COMMIT_UNKNOWN_PENDING,
    COMMIT_FENCED,
    OPEN_FAILED,
    LOAD_FAILED,
    DEATH,
    RESTART,
    OUTAGE,
    ZOMBIE,
    DUPLICATE_OWNER,
    CLOCK_STEP,
    OTHER_SETTINGS,
    WORK;

    @SuppressWarnings("ImmutableEnumChecker") // a tally over all runs
    private final LongAdder count = new LongAdder();

    void occurred() {
        count.increment();
    }

    static Map<FaultKind, Long> counts() {
        Map<FaultKind, Long> counts = new EnumMap<>(FaultKind.class);
        for (FaultKind kind : values()) {
            counts.put(kind, kind.count.sum());
        }
        return counts;
    }
}
