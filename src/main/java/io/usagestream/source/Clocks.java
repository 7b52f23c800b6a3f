package io.usagestream.source;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The clocks at an answer.
 *
 * @param upstream upstream's, or ours where it does not say its own
 * @param latest the later of upstream's and ours
 */
public record Clocks(Instant upstream, Instant latest) {
    /** How far upstream's clock and ours may be apart before it matters. */
    public static final Duration SKEW = Duration.ofMinutes(5);

    /** @param date what upstream says of its clock, if it does */
    public static Clocks of(Optional<Instant> date, Instant now) {
        return new Clocks(date.orElse(now), date.filter(now::isBefore).orElse(now));
    }

    /** Whether a time is of the future, whichever clock is right. */
    public boolean isFuture(Instant time) {
        return time.isAfter(latest) && time.isAfter(latest.plus(SKEW));
    }
}
