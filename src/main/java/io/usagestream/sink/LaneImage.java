package io.usagestream.sink;

import io.usagestream.checkpoint.Seals;
import io.usagestream.checkpoint.Segment;
import io.usagestream.checkpoint.SegmentPlaces;
import io.usagestream.checkpoint.SplitCheckpoint;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What was committed to a lane.
 *
 * @param checkpoints by the split's name
 * @param eager the segments asked for whole
 * @param places where every segment lies, the eager ones too, by the split's name; each may be kept and changed by whom it was
 *     given to
 * @param seals by the split's name, under the same condition
 * @param published names of splits that have a record in {@code progress}: one of them without a checkpoint means that state was
 *     lost
 * @param bytes size of what was read, for the metric
 */
public record LaneImage(
        Map<String, SplitCheckpoint> checkpoints,
        List<Segment> eager,
        Map<String, SegmentPlaces> places,
        Map<String, Seals> seals,
        Set<String> published,
        long bytes) {}
