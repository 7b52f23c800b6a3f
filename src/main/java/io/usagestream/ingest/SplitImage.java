package io.usagestream.ingest;

import io.usagestream.checkpoint.Seals;
import io.usagestream.checkpoint.Segment;
import io.usagestream.checkpoint.SegmentPlaces;
import io.usagestream.sink.LaneImage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A split's part of what was committed to its lane. Sorted out once for all splits: to look for each split's part in the whole would
 * take time by the square of the splits.
 *
 * @param eager in the order in which they were written
 */
record SplitImage(Optional<SegmentPlaces> places, Optional<Seals> seals, List<Segment> eager) {
    /** Nothing of that split was committed. */
    static SplitImage nothing() {
        return new SplitImage(Optional.empty(), Optional.empty(), new ArrayList<>());
    }

    /** The parts, by the split's name. */
    static Map<String, SplitImage> of(LaneImage image) {
        Map<String, SplitImage> parts = new HashMap<>();
        image.checkpoints()
                .keySet()
                .forEach(split -> parts.put(
                        split,
                        new SplitImage(
                                Optional.ofNullable(image.places().get(split)),
                                Optional.ofNullable(image.seals().get(split)),
                                new ArrayList<>())));
        image.eager()
                .forEach(segment ->
                        part(parts, segment.name().split().name()).eager().add(segment));
        parts.values()
                .forEach(part -> part.eager()
                        .sort(Comparator.comparingLong(segment -> segment.name().number())));
        return parts;
    }

    private static SplitImage part(Map<String, SplitImage> parts, String split) {
        return parts.computeIfAbsent(split, s -> nothing());
    }
}
