package io.usagestream.ingest;

import io.usagestream.checkpoint.Segment;
import io.usagestream.checkpoint.SegmentName;
import io.usagestream.envelope.RecordType;
import io.usagestream.sink.Batch;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Split;
import io.usagestream.stream.Window;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;

/** What a split's loop asks of its lane. */
interface LaneCommits {
    int number();

    /** The room that its splits share for what they have read. */
    WindowSlots slots();

    /** Commits a batch, alone or with others of the lane; completes once it is committed. */
    Future<Map<SegmentName, Long>> commit(Batch batch);

    /** Whether the log takes a record of that size. */
    boolean fits(Publication publication);

    /** Reads segments back; nothing is asked of the log for none. */
    Future<List<Segment>> load(Map<SegmentName, Long> places);

    /** The last published revisions of a window, from the data topic. When that fails the lane goes on: it says nothing of its state. */
    Future<List<Publication>> published(Split split, RecordType type, Window window);

    /** Something happened that cannot: the lane stops and says so. */
    void broken(Split split, Throwable cause);
}
