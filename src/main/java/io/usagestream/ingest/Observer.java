package io.usagestream.ingest;

import io.usagestream.dedup.Admitted;
import io.usagestream.sink.Batch;
import io.usagestream.sink.SinkFailure;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Split;
import io.usagestream.stream.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What is told of the work, for metrics, status and logs. Called on lanes' threads: implementations are quick and thread-safe. */
public interface Observer {
    /** A turn begins: a split sets about reading a window. */
    default void turn(Split split, Window window) {}

    /** The window of a split's next turn is being read while the one before it is committed. */
    default void ahead(Split split, Window window) {}

    /** The turn is over: what it read is committed, or the reason why not. */
    default void turned(Split split, Optional<String> failure) {}

    /** A request ended: with a page, or with the reason why not. */
    default void page(Split split, Optional<Reason> failure, Duration took) {}

    /** Upstream sent bytes, as they came over the wire. */
    default void received(Split split, long bytes) {}

    /** A request has to wait: for its source's budget or gate, or because upstream asked for it. */
    default void waiting(Split split, Duration pause) {}

    /** A split has nothing to read for that long. */
    default void resting(Split split, Duration pause) {}

    /** Upstream asked for a longer wait than is heeded. */
    default void clamped(Split split, Duration asked) {}

    /** A window was read to its end and admitted; not yet committed. */
    default void admitted(Split split, Admitted admitted) {}

    /** A window could not be read. */
    default void windowFailed(Split split, Reason reason, String message) {}

    /** Batches of a lane were committed in one transaction. */
    default void committed(int lane, List<Batch> batches, Duration took) {}

    /** A transaction, or the opening of a lane, failed. */
    default void commitFailed(int lane, SinkFailure failure, Duration took) {}

    /** Changes were seen at ages above the lookback. */
    default void lateChanges(Split split, int changes) {}

    /** Upstream rewrote much of what had been final: many rows of one window were restated. */
    default void restatedInBulk(Split split, int restated, int seen) {}

    /** Buckets of closed time were missing. */
    default void gaps(Split split, int buckets) {}

    /** The group was asked whether a lane that was fenced is still this instance's, and has not said so yet. */
    default void unconfirmed(int lane) {}

    /** A split is like that now. */
    default void split(SplitStatus status) {}

    /** A lane is like that now. */
    default void lane(LaneStatus status) {}

    /** A split has read its history and completed a sweep of its whole lookback that began at or after it was started. */
    default void caughtUp(Split split, Instant began) {}

    /** A split was given up for now: it needs a person, or failed five times in a row. */
    default void gaveUp(Split split, Reason reason, String message) {}
}
