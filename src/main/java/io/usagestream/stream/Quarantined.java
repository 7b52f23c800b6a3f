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
 * @param time the bucket's start or the event's time where it is known, else the window's start: the day that it is counted in
 */
public record Quarantined(
        Reason reason, String detail, String pointer, Optional<String> fragment, Digest digest, Instant time)
        implements LogRow {}
