package io.usagestream.dedup;

import io.usagestream.stream.Finality;
import io.usagestream.stream.Split;
import io.usagestream.stream.Window;
import java.time.Instant;
import java.time.LocalDate;
import java.util.function.Predicate;

/**
 * Where a split stands when a read is admitted.
 *
 * @param observedAt when the read began
 * @param watermark the watermark that the same batch commits
 * @param closed whether a UTC day had a period before this batch
 */
public record Standing(Split split, Instant observedAt, Instant watermark, Predicate<LocalDate> closed) {
    /** What a row whose bucket ends then is published as. */
    Finality finality(Instant end) {
        return end.isAfter(watermark) ? Finality.PROVISIONAL : Finality.FINAL;
    }

    /** Whether the UTC day that a row belongs to had been closed. */
    boolean restates(Instant time) {
        return closed.test(Window.dayOf(time));
    }
}
