package io.usagestream.plan;

import io.usagestream.stream.Window;
import java.util.Optional;

/**
 * One window to read.
 *
 * @param request the piece of work that it belongs to, for {@link Kind#REQUEST}
 */
public record Task(Kind kind, Window window, Optional<String> request) {
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

    static Task of(Kind kind, Window window) {
        return new Task(kind, window, Optional.empty());
    }
}
