package io.usagestream.stream;

import java.time.Instant;
import java.time.LocalDate;

/** Times as records say them: ISO 8601 in UTC. */
public final class IsoTime {
    private static final int DAY = 86_400;

    private IsoTime() {}

    /** The same as {@link Instant#toString}; whole seconds of a year with four digits without its formatter. */
    public static String of(Instant time) {
        LocalDate date = Window.dayOf(time);
        if (time.getNano() != 0 || date.getYear() < 1_000 || date.getYear() > 9_999) {
            return time.toString();
        }
        int second = (int) Math.floorMod(time.getEpochSecond(), (long) DAY);
        StringBuilder text = new StringBuilder(20).append(date).append('T');
        two(second / 3_600, text);
        two(second / 60 % 60, text.append(':'));
        two(second % 60, text.append(':'));
        return text.append('Z').toString();
    }

    private static void two(int number, StringBuilder out) {
        out.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }
}
