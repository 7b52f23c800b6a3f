package io.usagestream.source.http;

import java.time.Instant;
import java.util.Optional;

/**
 * A whole answer with status 200 and a JSON content type.
 *
 * @param body the whole body, decompressed
 * @param date upstream's clock when it answered, if it said so
 */
public record Answer(byte[] body, Optional<Instant> date) {}
