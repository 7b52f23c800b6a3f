package io.usagestream.source;

import io.usagestream.stream.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What the one who asked must do after a request that gave no page: the closed family at the port to upstream. */
public sealed interface Failure {
    Reason reason();

    /** What happened, in a sentence for a person, cleaned of secrets, cut and on one line. */
    String message();

    /**
     * Wait: the whole source is asked to slow down.
     *
     * @param pause what upstream asked for (not yet clamped or jittered), empty when it did not say
     */
    record Throttled(Reason reason, String message, Optional<Duration> pause) implements Failure {}

    /**
     * Try again later: nothing is known to be wrong with the request.
     *
     * @param retry false when upstream itself says that trying again is of no use ({@code x-should-retry: false}): slow cadence
     * @param pause what upstream asked for, if it did
     */
    record Unavailable(Reason reason, String message, boolean retry, Optional<Duration> pause) implements Failure {}

    /**
     * Do not repeat it: a person has to act, or the request has to change.
     *
     * @param earliest with {@code reporting_lookback_exceeded}: the earliest start that upstream accepts
     */
    record Rejected(Reason reason, String message, Optional<Instant> earliest) implements Failure {}

    /** The cursor was refused: continue by time at the last good bucket's end, without a cursor. */
    record CursorRefused(String message) implements Failure {
        @Override
        public Reason reason() {
            return Reason.BAD_REQUEST;
        }
    }

    /** The answer is not a page: discard it and ask again; nothing of it is used. */
    record Malformed(Reason reason, String message) implements Failure {}

    /** The answer does not fit: ask for less ({@code limit} halved, or zero points dropped) before the window fails. */
    record TooLarge(Reason reason, String message) implements Failure {}
}
