package io.usagestream.stream;

import java.time.Instant;
import java.util.List;

/**
 * One time bucket of one page, validated against the window that was asked for.
 *
 * @param start the inclusive start, on the grid
 * @param end the exclusive end as upstream gave it: earlier than start + width only for the open bucket, clipped at upstream's now
 * @param rows what could be understood
 * @param quarantined what could not: a bucket with any retracts nothing
 */
public record Bucket(Instant start, Instant end, List<Point> rows, List<Quarantined> quarantined) {}
