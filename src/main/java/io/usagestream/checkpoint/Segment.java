package io.usagestream.checkpoint;

/**
 * What one transaction admitted of one UTC day of a split. Of two rows of one key the one in the segment with the higher number
 * holds.
 *
 * @param rows how many rows
 * @param content the rows, packed (see {@link SegmentWriter})
 */
@SuppressWarnings("ArrayRecordComponent") // compared nowhere
public record Segment(SegmentName name, int rows, byte[] content) {}
