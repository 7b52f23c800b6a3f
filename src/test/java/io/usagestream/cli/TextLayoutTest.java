package io.usagestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class TextLayoutTest {
    @Test
    void aLineSaysTimeLevelClassMessageAndFields() {
        assertThat(line(
                        Level.INFO,
                        "it happened",
                        null,
                        new KeyValuePair("source", "acme"),
                        new KeyValuePair("why", "a b")))
                .isEqualTo("02:40:21.004Z INFO  Lane: it happened source=acme why=\"a b\"\n");
    }

    @Test
    void whatComesFromElsewhereCannotBreakTheLine() {
        assertThat(line(Level.WARN, "one\ntwo", null, new KeyValuePair("text", "\u001b[31m\r")))
                .isEqualTo("02:40:21.004Z WARN  Lane: one\\ntwo text=\\u001b[31m\\u000d\n");
    }

    @Test
    void onlyAnErrorBringsItsStackTrace() {
        Exception e = new IllegalStateException("no\nway");

        assertThat(line(Level.WARN, "m", e))
                .isEqualTo("02:40:21.004Z WARN  Lane: m (java.lang.IllegalStateException: no\\nway)\n");
        assertThat(line(Level.ERROR, "m", e)).contains("\tat " + TextLayoutTest.class.getName());
    }

    private static String line(Level level, String message, @Nullable Throwable thrown, KeyValuePair... pairs) {
        LoggingEvent event = new LoggingEvent(
                "", new LoggerContext().getLogger("io.usagestream.ingest.Lane"), level, message, thrown, null);
        event.setInstant(Instant.parse("2026-11-21T02:40:21.004Z"));
        event.setKeyValuePairs(List.of(pairs));
        return new TextLayout().doLayout(event);
    }
}
