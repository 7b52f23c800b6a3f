package io.usagestream.stream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.time.Instant;
import java.time.LocalDate;

/** Times as records say them: ISO 8601 in UTC. */
public final class IsoTime {
    private static final int DAY = 86_400;
    private static final byte[] FORM = "0000-00-00T00:00:00Z".getBytes(ISO_8859_1);

    private IsoTime() {}

    /** The same as {@link Instant#toString}; whole seconds of a year with four digits without its formatter. */
    public static String of(Instant time) {
        LocalDate date = Window.dayOf(time);
        if (time.getNano() != 0 || date.getYear() < 1_000 || date.getYear() > 9_999) {
            return time.toString();
        }
        int second = (int) Math.floorMod(time.getEpochSecond(), (long) DAY);
        byte[] text = FORM.clone();
        two(date.getYear() / 100, text, 0);
        two(date.getYear() % 100, text, 2);
        two(date.getMonthValue(), text, 5);
        two(date.getDayOfMonth(), text, 8);
        two(second / 3_600, text, 11);
        two(second / 60 % 60, text, 14);
        two(second % 60, text, 17);
        return new String(text, ISO_8859_1);
    }

    private static void two(int number, byte[] out, int at) {
        out[at] = (byte) ('0' + number / 10);
        out[at + 1] = (byte) ('0' + number % 10);
    }
}
