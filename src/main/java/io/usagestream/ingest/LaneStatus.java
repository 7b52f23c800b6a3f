package io.usagestream.ingest;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How a lane is doing.
 *
 * @param splits number of splits that it hosts
 * @param since since when it is like that
 * @param restore how long fencing and restoring took, once it is running
 * @param restored how many bytes were read for it
 * @param message why, when it stands back or is refused
 */
public record LaneStatus(
        int lane, Phase phase, int splits, Instant since, Optional<Duration> restore, long restored, String message) {
    /** Where a lane is in its life. */
    public enum Phase {
        /** It fences and restores. */
        OPENING,
        /** Its splits are read. */
        RUNNING,
        /** It was fenced or failed, and waits before it opens again. */
        STANDING_BACK,
        /** It cannot be opened before a person acts. */
        REFUSED,
        /** It was given up. */
        CLOSED
    }
}
