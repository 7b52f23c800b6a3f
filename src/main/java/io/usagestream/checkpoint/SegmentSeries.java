package io.usagestream.checkpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** As many segments as it takes: none so large that a log refuses it as one record. */
public final class SegmentSeries {
    private final Supplier<SegmentName> names;
    private final List<SegmentWriter> writers = new ArrayList<>();

    /** @param names gives each segment a name, of one day, with numbers that rise */
    public SegmentSeries(Supplier<SegmentName> names) {
        this.names = names;
    }

    /** The segment that takes the next row or mark. */
    public SegmentWriter next() {
        if (writers.isEmpty() || writers.get(writers.size() - 1).isFull()) {
            writers.add(new SegmentWriter(names.get()));
        }
        return writers.get(writers.size() - 1);
    }

    /** The segments; none when nothing was added. */
    public List<Segment> segments() {
        return writers.stream().map(SegmentWriter::segment).toList();
    }
}
