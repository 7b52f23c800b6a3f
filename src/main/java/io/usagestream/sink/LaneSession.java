package io.usagestream.sink;

import io.usagestream.checkpoint.Segment;
import io.usagestream.checkpoint.SegmentName;
import io.usagestream.envelope.RecordType;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Split;
import io.usagestream.stream.Window;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;

/**
 * Sole ownership of a lane, until fenced or closed. One commit at a time; after any failure the session is spent: close it and
 * open the lane again, the restored state says what is true.
 */
public interface LaneSession {
    /** What was committed when the session began. Given once: the session does not keep it. */
    LaneImage restored();

    /**
     * Whether the log takes a record of that size. One that does not fit is to be set aside before it is committed
     * ({@code record_too_large}): a commit that holds one is refused whole.
     */
    boolean fits(Publication publication);

    /**
     * Commits batches in one transaction.
     *
     * @return where each segment of the batches now lies; fails with {@link SinkException}
     */
    Future<Map<SegmentName, Long>> commit(List<Batch> batches);

    /** Reads segments back by their places. A segment that is not where it should be fails the future: state was lost. */
    Future<List<Segment>> load(Map<SegmentName, Long> places);

    /**
     * The last published revision of every point, event, period or quarantined row of the split in a window, read from its topic:
     * what stands in for the state below the floor.
     *
     * @param type which of them
     */
    Future<List<Publication>> published(Split split, RecordType type, Window window);

    /** Ends the session in bounded time; nothing is in flight afterwards. */
    Future<Void> close();
}
