package io.usagestream.ops.board;

import java.time.Instant;

/** One line of the console's log. */
record Happening(Instant at, Level level, String subject, String text) {
    /** How much it matters. */
    enum Level {
        GOOD,
        NOTE,
        WARNING,
        BAD
    }
}
