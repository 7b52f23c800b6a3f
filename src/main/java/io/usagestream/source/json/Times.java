package io.usagestream.source.json;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Optional;

/** Points in time as text: ISO 8601 with a zone, within the years that usage can have. */
public final class Times {
    private static final int MAX_LENGTH = 40;
    private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");

    private Times() {}

    /** The instant, if the text says one with a zone and it is in a plausible year. */
    public static Optional<Instant> instant(String text) {
        if (text.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        return utc(text).or(() -> zoned(text)).filter(t -> !t.isBefore(EARLIEST) && t.isBefore(LATEST));
    }

    /** {@code 2026-11-19T10:00:00[.fraction]Z}, the only form that has been seen, without the price of a formatter. */
    private static Optional<Instant> utc(String text) {
        int length = text.length();
        if (length < 20
                || text.charAt(length - 1) != 'Z'
                || text.charAt(4) != '-'
                || text.charAt(7) != '-'
                || text.charAt(10) != 'T'
                || text.charAt(13) != ':'
                || text.charAt(16) != ':') {
            return Optional.empty();
        }
        int year = digits(text, 0, 4);
        int month = digits(text, 5, 7);
        int day = digits(text, 8, 10);
        int hour = digits(text, 11, 13);
        int minute = digits(text, 14, 16);
        int second = digits(text, 17, 19);
        int nanos = length == 20 ? 0 : nanos(text, length - 1);
        if ((year | month | day | hour | minute | second | nanos) < 0 || hour > 23 || minute > 59 || second > 59) {
            return Optional.empty();
        }
        if (month < 1 || month > 12 || day < 1 || day > 31 || day > 28 && day > lengthOf(year, month)) {
            return Optional.empty();
        }
        long days = LocalDate.of(year, month, day).toEpochDay();
        return Optional.of(Instant.ofEpochSecond(days * 86_400 + hour * 3_600L + minute * 60L + second, nanos));
    }

    private static int lengthOf(int year, int month) {
        return YearMonth.of(year, month).lengthOfMonth();
    }

    private static int nanos(String text, int end) {
        int digits = end - 20;
        if (text.charAt(19) != '.' || digits < 1 || digits > 9) {
            return -1;
        }
        int value = digits(text, 20, end);
        for (int i = digits; i < 9 && value > 0; i++) {
            value *= 10;
        }
        return value;
    }

    private static int digits(String text, int from, int to) {
        int value = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            value = value * 10 + (c - '0');
        }
        return value;
    }

    private static Optional<Instant> zoned(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text)
                    .withOffsetSameInstant(ZoneOffset.UTC)
                    .toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
