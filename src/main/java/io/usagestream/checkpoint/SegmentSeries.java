package io.usagestream.checkpoint;

import io.usagestream.dedup.PackedBytes;
import io.usagestream.dedup.SeenMark;
import io.usagestream.dedup.SeenRow;
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

    /** Adds a row. */
    public void add(SeenRow row) {
        next(row.text().length()).add(row);
    }

    /** Adds a mark. */
    public void add(SeenMark mark) {
        next(0).add(mark);
    }

    private SegmentWriter next(int text) {
        if (writer.filter(current -> current.takes(text)).isEmpty()) {
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
