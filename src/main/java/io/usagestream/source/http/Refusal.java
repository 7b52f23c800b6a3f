package io.usagestream.source.http;

import java.time.Instant;
import java.util.Optional;

/**
 * An answer that is not the page that was asked for, as far as it was read.
 *
 * @param status what HTTP says
 * @param error what the body says
 * @param headers the few that matter
 * @param date upstream's clock
 */
public record Refusal(int status, ErrorBody error, RetryHeaders headers, Optional<Instant> date) {}
