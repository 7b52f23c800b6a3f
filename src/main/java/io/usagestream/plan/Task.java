package io.usagestream.plan;

import io.usagestream.stream.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One window to read.
 *
 * @param slice the longest stretch of a log that one request is to ask for
 * @param request the piece of work that it belongs to, for {@link Kind#REQUEST}
 */
public record Task(Kind kind, Window window, Duration slice, Optional<String> request) {
    /** Why a window is read. */
    public enum Kind {
        /** The newest, at every poll. */
        HOT,
        /** Upwards from the watermark: history, the rest of the lookback, and what settles. */
        PASS,
        /** Below the watermark, to find what changed later than promised. */
        RESCAN,
        /** Asked for by a person. */
        REQUEST
    }

    /** The same task, of which only what lies before a time was read. */
    public Task until(Instant end) {
        return new Task(kind, new Window(window.from(), end), slice, request);
    }
}
