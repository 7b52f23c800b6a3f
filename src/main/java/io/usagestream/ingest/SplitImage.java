package io.usagestream.ingest;

import io.usagestream.checkpoint.Seals;
import io.usagestream.checkpoint.Segment;
import io.usagestream.checkpoint.SegmentName;
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
record SplitImage(Map<SegmentName, Long> places, Optional<Seals> seals, List<Segment> eager) {
    private SplitImage(Optional<Seals> seals) {
        this(new HashMap<>(), seals, new ArrayList<>());
    }

    /** Nothing of that split was committed. */
    static SplitImage nothing() {
        return new SplitImage(Optional.empty());
    }

    /** The parts, by the split's name. */
    static Map<String, SplitImage> of(LaneImage image) {
        Map<String, SplitImage> parts = new HashMap<>();
        image.seals().forEach((split, seals) -> parts.put(split, new SplitImage(Optional.of(seals))));
        image.places()
                .forEach((name, offset) ->
                        part(parts, name.split().name()).places().put(name, offset));
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
