package io.usagestream.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads lengths of time as people write them: {@code 500ms}, {@code 30s}, {@code 5m}, {@code 1h30m}, {@code 7d}; ISO 8601 too. */
public final class Durations {
    /** What a message says about the right form. */
    public static final String FORM = "30s, 5m, 48h or 7d";

    private static final Pattern PARTS = Pattern.compile("(\\d{1,9})(ms|s|m|h|d|w)");
    private static final Pattern WHOLE = Pattern.compile("(\\d{1,9}(ms|s|m|h|d|w))+");
    private static final Map<String, Duration> UNITS = Map.of(
            "ms", Duration.ofMillis(1),
            "s", Duration.ofSeconds(1),
            "m", Duration.ofMinutes(1),
            "h", Duration.ofHours(1),
            "d", Duration.ofDays(1),
            "w", Duration.ofDays(7));

    private Durations() {}

    /** The length, if it is written in one of the forms; never negative. */
    public static Optional<Duration> parse(String text) {
        String trimmed = text.strip();
        if (WHOLE.matcher(trimmed).matches()) {
            Duration sum = Duration.ZERO;
            Matcher parts = PARTS.matcher(trimmed);
            while (parts.find()) {
                sum = sum.plus(
                        UNITS.getOrDefault(parts.group(2), Duration.ZERO).multipliedBy(Long.parseLong(parts.group(1))));
            }
            return Optional.of(sum);
        }
        try {
            return Optional.of(Duration.parse(trimmed)).filter(d -> !d.isNegative());
        } catch (DateTimeParseException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    /** The shortest of the forms: {@code 48h}, {@code 90s}. */
    public static String text(Duration duration) {
        long millis = duration.toMillis();
        for (String unit : new String[] {"d", "h", "m", "s"}) {
            long length = UNITS.getOrDefault(unit, Duration.ZERO).toMillis();
            if (millis != 0 && millis % length == 0) {
                return millis / length + unit;
            }
        }
        return millis == 0 ? "0s" : BigDecimal.valueOf(millis).toPlainString() + "ms";
    }
}
