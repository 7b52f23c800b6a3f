package io.usagestream.source.http;

import io.vertx.core.MultiMap;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * When upstream wants to be asked again, as its headers say: {@code retry-after-ms} before {@code retry-after}, which is seconds or
 * a date. That is the order of OpenAI's own clients. A date is compared with the answer's own {@code Date}, since clocks differ.
 *
 * @param pause what it asks for; empty when it does not say, or says nonsense
 * @param refused whether it says that trying again is of no use
 */
public record RetryHeaders(Optional<Duration> pause, boolean refused) {
    private static final Pattern NUMBER = Pattern.compile("\\d{1,12}(\\.\\d{1,9})?");
    private static final BigDecimal LONGEST_MS =
            BigDecimal.valueOf(Duration.ofDays(365).toMillis());

    static RetryHeaders of(MultiMap headers, Instant now) {
        Optional<Instant> date = date(headers);
        Optional<Duration> pause = value(headers, "retry-after-ms")
                .flatMap(ms -> millis(ms, 0))
                .or(() -> value(headers, "retry-after")
                        .flatMap(after ->
                                millis(after, 3).or(() -> moment(after).map(at -> until(at, date.orElse(now))))));
        boolean refused = value(headers, "x-should-retry")
                .filter("false"::equalsIgnoreCase)
                .isPresent();
        return new RetryHeaders(pause, refused);
    }

    static Optional<Instant> date(MultiMap headers) {
        return value(headers, "date").flatMap(RetryHeaders::moment);
    }

    private static Optional<String> value(MultiMap headers, String name) {
        return Optional.ofNullable(headers.get(name)).map(String::trim);
    }

    private static Optional<Duration> millis(String number, int power) {
        if (!NUMBER.matcher(number).matches()) {
            return Optional.empty();
        }
        BigDecimal ms = new BigDecimal(number).scaleByPowerOfTen(power).min(LONGEST_MS);
        return Optional.of(Duration.ofMillis(ms.longValue()));
    }

    private static Optional<Instant> moment(String date) {
        try {
            return Optional.of(ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Duration until(Instant at, Instant now) {
        Duration pause = Duration.between(now, at);
        return pause.isNegative() ? Duration.ZERO : pause;
    }
}
