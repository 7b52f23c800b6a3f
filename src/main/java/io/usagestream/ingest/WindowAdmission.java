package io.usagestream.ingest;

import io.usagestream.dedup.Admitted;
import io.usagestream.dedup.EntityAdmission;
import io.usagestream.dedup.EventAdmission;
import io.usagestream.dedup.PointAdmission;
import io.usagestream.dedup.Standing;
import io.usagestream.plan.Horizon;
import io.usagestream.plan.Layout;
import io.usagestream.plan.Task;
import io.usagestream.stream.Digest;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Utf8;
import io.vertx.core.Future;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Decides what of a window that was read is let through, and reads it again while rows are gone that only one read says are gone. */
final class WindowAdmission {
    /** How often a window is read again until what is gone is gone twice. */
    private static final int MAX_CONFIRMATIONS = 4;

    private final SplitMemory memory;
    private final TaskReader reader;
    private final WindowDays days;
    private final Ticker ticker;

    WindowAdmission(SplitMemory memory, TaskReader reader, WindowDays days, Ticker ticker) {
        this.memory = memory;
        this.reader = reader;
        this.days = days;
        this.ticker = ticker;
    }

    /**
     * Admits what was read. What is gone must be gone in two complete reads in a row, the second made at once, before it is
     * retracted.
     */
    Future<Verdict> settle(Task task, WindowSlots.Slot slot, Complete complete) {
        return settle(task, slot, complete, Set.of(), 0);
    }

    /**
     * @param candidates keys that the read before this one showed to be gone
     */
    private Future<Verdict> settle(
            Task task, WindowSlots.Slot slot, Complete complete, Set<Digest> candidates, int confirmations) {
        return admit(task, complete, Map.of()).compose(seen -> {
            Map<Digest, LocalDate> gone = new HashMap<>(seen.admitted().vanished());
            boolean agreed = candidates.containsAll(gone.keySet());
            if (!agreed && confirmations < MAX_CONFIRMATIONS) {
                return reader.begin(task, slot)
                        .whole()
                        .compose(again -> again.whole()
                                ? settle(task, slot, again, gone.keySet(), confirmations + 1)
                                : Future.failedFuture(
                                        ReadFailure.retry(Reason.UNSTABLE_LISTING, "a slice grew while it was read")));
            }
            gone.keySet().retainAll(candidates);
            return gone.isEmpty()
                    ? Future.succeededFuture(seen)
                    : days.texts(gone).compose(texts -> admit(task, complete, texts));
        });
    }

    private Future<Verdict> admit(Task task, Complete complete, Map<Digest, Utf8> confirmed) {
        return ticker.aside(complete.rows(), () -> {
            Horizon after = horizonAfter(task, complete);
            Standing standing = new Standing(memory.split(), complete.began(), after.watermark(), memory::closed);
            Admitted admitted = decide(complete, standing, confirmed);
            if (admitted.seen() != complete.rows()) {
                throw new IllegalStateException(
                        "bug: " + complete.rows() + " rows were read, " + admitted.seen() + " are accounted for");
            }
            return new Verdict(complete, admitted, standing, after);
        });
    }

    private Admitted decide(Complete complete, Standing standing, Map<Digest, Utf8> confirmed) {
        if (complete instanceof Complete.Buckets buckets) {
            return PointAdmission.admit(
                    buckets.sweep(), memory.index(), standing, memory.settings().publishZeroPoints(), confirmed);
        }
        if (complete instanceof Complete.Slice slice) {
            return EventAdmission.admit(slice.slice(), memory.index(), standing, confirmed);
        }
        Complete.Entities entities = (Complete.Entities) complete;
        return EntityAdmission.admit(
                entities.page().entities(), entities.page().quarantined(), memory.index(), standing);
    }

    private Horizon horizonAfter(Task task, Complete complete) {
        Layout layout = memory.layout();
        if (complete instanceof Complete.Buckets buckets && layout instanceof Layout.Series series) {
            layout = new Layout.Series(series.window(), buckets.sweep().grain());
        }
        return memory.horizon()
                .after(task.window(), complete.began(), memory.settings().lookback(), layout);
    }
}
