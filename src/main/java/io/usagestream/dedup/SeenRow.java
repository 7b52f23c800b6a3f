package io.usagestream.dedup;

import io.usagestream.stream.Digest;
import io.usagestream.stream.Measures;
import io.usagestream.stream.Utf8;
import java.time.Instant;

/**
 * What is remembered of one key after a revision of it was published.
 *
 * @param key the digest that stands for the record's id
 * @param content the digest of the published content
 * @param time the bucket's start or the event's time
 * @param values the numbers as published, without their exact text
 * @param text what a retraction must repeat: a point's id, an event's {@link EventName}; kept in segments, not in the index
 */
public record SeenRow(
        Digest key, Digest content, int revision, boolean retracted, Instant time, Measures values, Utf8 text) {}
