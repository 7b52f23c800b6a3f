package io.usagestream.dedup;

import io.usagestream.stream.Digest;
import java.time.Instant;

/**
 * What is remembered of a quarantined row: it is published once, and counts against its day while upstream still shows it.
 *
 * @param live whether the last complete read still showed it
 */
public record SeenMark(Digest digest, Instant time, boolean live) {}
