package io.usagestream.ingest;

import io.usagestream.stream.Reason;
import java.time.Instant;
import java.util.Optional;

/** A window that could not be read: nothing of it is published, and it moves no progress. */
public final class ReadFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What must become of the split. */
    enum Severity {
        /** Try again. */
        RETRY,
        /** A person must act on this stream. */
        HALT_STREAM,
        /** A person must act on this source. */
        HALT_SOURCE,
        /** Ask for less and try again at once. */
        TOO_LARGE
    }

    private final Reason reason;
    private final Severity severity;
    private final transient Optional<Instant> earliest;

    ReadFailure(Reason reason, String message, Severity severity, Optional<Instant> earliest) {
        super(message, null, false, false);
        this.reason = reason;
        this.severity = severity;
        this.earliest = earliest;
    }

    static ReadFailure retry(Reason reason, String message) {
        return new ReadFailure(reason, message, Severity.RETRY, Optional.empty());
    }

    public Reason reason() {
        return reason;
    }

    Severity severity() {
        return severity;
    }

    /** The earliest start that upstream accepts, when that is what is wrong. */
    Optional<Instant> earliest() {
        return earliest;
    }

    public String text() {
        return String.valueOf(getMessage());
    }
}
