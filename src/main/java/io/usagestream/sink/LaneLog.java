package io.usagestream.sink;

import io.usagestream.checkpoint.SegmentName;
import io.vertx.core.Future;
import java.util.function.Predicate;

/** The port to where lanes keep their records and state. */
public interface LaneLog {
    /**
     * Opens a lane: fences every predecessor, <em>then</em> restores what was committed. The order is what exactly-once stands
     * on: a state read before the fence may be stale by the time of the first commit. No other call offers either alone.
     *
     * @param eager which segments to bring along whole; of the others only the place is restored
     * @return fails with {@link SinkException}
     */
    Future<LaneSession> open(int lane, Predicate<SegmentName> eager);

    /** The number of lanes: the partitions of the checkpoints topic. */
    int lanes();
}
