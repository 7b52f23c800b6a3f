package io.usagestream.ops;

import io.usagestream.sink.LaneNumber;
import io.usagestream.stream.Split;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What splits have admitted and not yet committed. A read counts when it is committed: one whose transaction failed is done again,
 * and would be counted twice.
 */
public final class PendingRows {
    private final Map<Split, Rows> pending = new ConcurrentHashMap<>();
    private final int lanes;

    public PendingRows(int lanes) {
        this.lanes = lanes;
    }

    public void admitted(Split split, Rows rows) {
        pending.put(split, rows);
    }

    /** The split's read is through: what it came to, once. */
    public Optional<Rows> settled(Split split) {
        return Optional.ofNullable(pending.remove(split));
    }

    /** The lane's session is spent, and what it had not committed with it. */
    public void spent(int lane) {
        pending.keySet().removeIf(split -> LaneNumber.of(split.source(), lanes) == lane);
    }
}
