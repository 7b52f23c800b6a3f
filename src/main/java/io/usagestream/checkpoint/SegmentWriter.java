package io.usagestream.checkpoint;

/** Packs rows into a segment's content. */
public final class SegmentWriter {}
