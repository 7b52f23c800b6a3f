package io.usagestream.sink;

import io.usagestream.checkpoint.Seal;
import io.usagestream.checkpoint.Segment;
import io.usagestream.checkpoint.SegmentName;
import io.usagestream.checkpoint.SplitCheckpoint;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Split;
import io.usagestream.stream.WorkStatus;
import java.time.LocalDate;
import java.util.List;

/**
 * Records and the checkpoint that covers them: the unit of atomicity.
 *
 * @param publications in the order in which they are to be written
 * @param segments what the batch admitted, to be kept
 * @param seals what its periods said
 * @param dropped segments that are merged into others or lie below the floor
 * @param droppedSeals days below the floor: the periods topic has what their seals said
 * @param statuses how far requests are
 */
public record Batch(
        Split split,
        List<Publication> publications,
        SplitCheckpoint checkpoint,
        List<Segment> segments,
        List<Seal> seals,
        List<SegmentName> dropped,
        List<LocalDate> droppedSeals,
        List<WorkStatus> statuses) {}
