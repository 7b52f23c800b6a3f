package io.usagestream.ingest;

import io.usagestream.dedup.SeenMark;
import io.usagestream.dedup.SeenRow;
import io.usagestream.plan.Horizon;
import io.usagestream.sink.Batch;
import io.usagestream.stream.Publication.Progress;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A batch, and what the split's memory takes over once it is committed. */
record Outgoing(
        Batch batch,
        Map<LocalDate, List<SeenRow>> rows,
        Map<LocalDate, List<SeenMark>> marks,
        Horizon horizon,
        Instant floor,
        LocalDate closedUntil,
        Optional<Instant> sweptAt,
        Optional<Progress> progress) {
    /** Whether there is anything that the log needs to know. */
    boolean worthCommitting() {
        return !batch.publications().isEmpty()
                || !batch.segments().isEmpty()
                || !batch.dropped().isEmpty()
                || !batch.droppedSeals().isEmpty()
                || !batch.statuses().isEmpty();
    }
}
