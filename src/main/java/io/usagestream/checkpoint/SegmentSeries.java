package io.usagestream.checkpoint;

import io.usagestream.dedup.PackedBytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** As many segments as it takes: none so large that a log refuses it as one record. One after the other, in the same memory. */
public final class SegmentSeries {
    private final Supplier<SegmentName> names;
    private final PackedBytes memory;
    private final List<Segment> full = new ArrayList<>();
    private Optional<SegmentWriter> writer = Optional.empty();

    /**
     * @param names gives each segment a name, of one day, with numbers that rise
     * @param memory to write in, for this series alone until its {@link #segments} are made
     */
    public SegmentSeries(Supplier<SegmentName> names, PackedBytes memory) {
        this.names = names;
        this.memory = memory;
    }

    /** The segment that takes the next row or mark. */
    public SegmentWriter next() {
        if (writer.isPresent() && writer.get().isFull()) {
            end();
        }
        if (writer.isEmpty()) {
            writer = Optional.of(new SegmentWriter(names.get(), memory));
        }
        return writer.get();
    }

    /** The segments; none when nothing was added. */
    public List<Segment> segments() {
        end();
        return List.copyOf(full);
    }

    private void end() {
        writer.ifPresent(ended -> full.add(ended.segment()));
        writer = Optional.empty();
    }
}
