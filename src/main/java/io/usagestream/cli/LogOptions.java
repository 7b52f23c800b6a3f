package io.usagestream.cli;

import ch.qos.logback.classic.Level;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** What is logged and how: options of every command. */
final class LogOptions {
    /** How log lines look. */
    enum Format {
        text,
        json
    }

    /** The least important lines that are written. */
    enum Threshold {
        error(Level.ERROR),
        warn(Level.WARN),
        info(Level.INFO),
        debug(Level.DEBUG);

        private final Level level;

        Threshold(Level level) {
            this.level = level;
        }
    }

    @Option(
            names = "--log-format",
            scope = ScopeType.INHERIT,
            paramLabel = "text|json",
            defaultValue = "${env:USAGESTREAM_LOG_FORMAT:-text}",
            description = "how log lines look; they go to standard error (default: text)")
    Format format = Format.text;

    @Option(
            names = "--log-level",
            scope = ScopeType.INHERIT,
            paramLabel = "LEVEL",
            defaultValue = "${env:USAGESTREAM_LOG_LEVEL:-info}",
            description = "error, warn, info or debug (default: info)")
    Threshold threshold = Threshold.info;

    void apply() {
        Logs.configure(format == Format.json, threshold.level);
    }
}
