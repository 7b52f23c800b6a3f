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

    private static final Map<FaultKind, LongAdder> COUNTS = new EnumMap<>(FaultKind.class);

    static {
        for (FaultKind kind : values()) {
            COUNTS.put(kind, new LongAdder());
        }
    }

    void occurred() {
        COUNTS.get(this).increment();
    }

    static Map<FaultKind, Long> counts() {
        Map<FaultKind, Long> counts = new EnumMap<>(FaultKind.class);
        COUNTS.forEach((kind, count) -> counts.put(kind, count.sum()));
        return counts;
    }
}
