package io.usagestream.checkpoint;

import io.usagestream.stream.Split;
import java.time.LocalDate;

/** Where a segment is kept: its key in the checkpoints topic is {@code split|day|number}. */
public record SegmentName(Split split, LocalDate day, long number) {
    @Override
    public String toString() {
        return split.name() + "|" + day + "|" + number;
    }
}
