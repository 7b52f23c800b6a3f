package io.usagestream.config;

import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads numbers of bytes as people write them: {@code 16MiB}, {@code 512KiB}, {@code 4MB}, {@code 1048576}. */
final class Sizes {
    private static final Pattern FORM = Pattern.compile("(\\d{1,12})\\s*(b|kib|mib|gib|kb|mb|gb)?");
    private static final Map<String, Long> UNITS = Map.of(
            "b", 1L,
            "kib", 1L << 10,
            "mib", 1L << 20,
            "gib", 1L << 30,
            "kb", 1_000L,
            "mb", 1_000_000L,
            "gb", 1_000_000_000L);

    private Sizes() {}

    static OptionalLong parse(String text) {
        Matcher matcher = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            return OptionalLong.empty();
        }
        String unit = matcher.group(2) == null ? "b" : matcher.group(2);
        try {
            return OptionalLong.of(Math.multiplyExact(
                    Long.parseLong(matcher.group(1)),
                    UNITS.getOrDefault(unit, 1L).longValue()));
        } catch (ArithmeticException e) {
            return OptionalLong.empty();
        }
    }
}
