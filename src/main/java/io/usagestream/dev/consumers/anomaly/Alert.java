package io.usagestream.dev.consumers.anomaly;

import java.math.BigDecimal;
import java.time.Instant;

/**
 * A bucket far above what its series usually has.
 *
 * @param series {@code source/stream measure dimensions}
 * @param bucket the bucket's start
 * @param value what it holds so far
 * @param usual what the series usually holds at most
 */
public record Alert(String series, Instant bucket, BigDecimal value, BigDecimal usual) {}
