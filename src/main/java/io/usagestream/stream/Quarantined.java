package io.usagestream.stream;

import java.time.Instant;
import java.util.Optional;

/**
 * A row that could not be understood.
 *
 * @param detail what was found, in a sentence for a person; never upstream's raw text
 * @param pointer where in the response, as a JSON pointer
 * @param fragment the row as received, at most 8 KiB, personal fields removed
 * @param digest the digest of the whole row: the same row is published once
 * @param time the bucket's start or the event's time: it counts against that day; empty where it is not known, then it counts
 *     against every day of the window
 */
public record Quarantined(
        Reason reason, String detail, String pointer, Optional<String> fragment, Digest digest, Optional<Instant> time)
        implements LogRow {}
