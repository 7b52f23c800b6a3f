package io.usagestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Nothing comes out of the process as a bare stack trace: where logs are JSON, one would be forty lines that are none. */
class UncaughtTest {
    private final Logger log = (Logger) LoggerFactory.getLogger(Main.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @AfterEach
    void deafen() {
        log.detachAppender(lines);
    }

    @Test
    void what_ends_a_thread_is_a_line_of_the_log() throws InterruptedException {
        lines.start();
        log.addAppender(lines);
        Thread thread = new Thread(
                () -> {
                    throw new IllegalStateException("planted");
                },
                "worker");
        thread.setUncaughtExceptionHandler(Main::uncaught);
        thread.start();
        thread.join();
        assertThat(lines.list).singleElement().satisfies(line -> {
            assertThat(line.getLevel()).isEqualTo(Level.ERROR);
            assertThat(line.getKeyValuePairs())
                    .anySatisfy(pair -> assertThat(pair.value).isEqualTo("worker"));
            assertThat(line.getThrowableProxy().getMessage()).isEqualTo("planted");
        });
    }
}
