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

/** A lane that is asked for nothing but room: nothing is committed, and everything is on the heap. */
class NoLane implements LaneCommits {
    private final WindowSlots slots;

    NoLane(WindowSlots slots) {
        this.slots = slots;
    }

    @Override
    public int number() {
        return 0;
    }

    @Override
    public WindowSlots slots() {
        return slots;
    }

    @Override
    public Future<Map<SegmentName, Long>> commit(Batch batch) {
        throw new AssertionError("nothing is committed here");
    }

    @Override
    public boolean fits(Publication publication) {
        return true;
    }

    @Override
    public Future<List<Segment>> load(Map<SegmentName, Long> places) {
        throw new AssertionError("nothing is read back here");
    }

    @Override
    public Future<List<Publication>> published(Split split, RecordType type, Window window) {
        throw new AssertionError("nothing is read back here");
    }

    @Override
    public void broken(Split split, Throwable cause) {
        throw new AssertionError(cause);
    }
}
