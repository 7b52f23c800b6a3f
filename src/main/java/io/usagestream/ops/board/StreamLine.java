package io.usagestream.ops.board;

import io.usagestream.ingest.SplitStatus;
import io.usagestream.ops.Rows;
import io.usagestream.stream.Reason;
import java.time.Instant;
import java.util.Optional;

/** What the board knows of one stream of one source. */
final class StreamLine {
    private Optional<SplitStatus> status = Optional.empty();
    private Rows rows = Rows.NONE;
    private long requests;
    private long failed;
    private Optional<Reason> lastFailure = Optional.empty();
    private Optional<Instant> waitingUntil = Optional.empty();

    void status(SplitStatus now) {
        status = Optional.of(now);
    }

    /** The split went to another instance. */
    void gone() {
        status = Optional.empty();
        waitingUntil = Optional.empty();
    }

    void page(Optional<Reason> failure) {
        requests++;
        failed += failure.isPresent() ? 1 : 0;
        failure.ifPresent(reason -> lastFailure = Optional.of(reason));
    }

    void waits(Instant until) {
        waitingUntil = Optional.of(until);
    }

    void add(Rows more) {
        rows = rows.plus(more);
    }

    Optional<SplitStatus> status() {
        return status;
    }

    Rows rows() {
        return rows;
    }

    long requests() {
        return requests;
    }

    long failed() {
        return failed;
    }

    Optional<Reason> lastFailure() {
        return lastFailure;
    }

    /** Until when its next request waits for the source's budget or gate. */
    Optional<Instant> waitingUntil(Instant now) {
        return waitingUntil.filter(now::isBefore);
    }
}
