package io.usagestream.cli;

import io.usagestream.config.Durations;
import java.time.Duration;
import picocli.CommandLine.TypeConversionException;

/** Lengths of time on the command line are written as in the configuration. */
final class DurationConverter {
    private DurationConverter() {}

    static Duration convert(String text) {
        return Durations.parse(text)
                .orElseThrow(() -> new TypeConversionException(
                        "'" + text + "' is not a length of time: write it as " + Durations.FORM));
    }
}
