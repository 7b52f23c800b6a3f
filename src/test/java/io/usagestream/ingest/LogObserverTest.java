package io.usagestream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.usagestream.stream.Reason;
import io.usagestream.stream.SplitState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What a person reads while upstream is down, and how often. */
class LogObserverTest {
    private final Logger log = (Logger) LoggerFactory.getLogger("io.usagestream.ingest");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final LogObserver observer = new LogObserver();
    private @Nullable Level before;

    @BeforeEach
    void listen() {
        before = log.getLevel();
        log.setLevel(Level.INFO);
        lines.start();
        log.addAppender(lines);
    }

    @AfterEach
    void deafen() {
        log.detachAppender(lines);
        log.setLevel(before);
    }

    @Test
    void a_day_without_upstream_is_a_line_a_reason_and_one_at_the_end() {
        is(SplitState.RUNNING);
        for (int i = 0; i < 300; i++) {
            is(SplitState.DEGRADED, Reason.SERVER_ERROR);
            is(SplitState.DEGRADED, Reason.CONNECT);
        }
        is(SplitState.RUNNING);
        assertThat(said()).containsExactly(Level.WARN, Level.WARN, Level.INFO);

        is(SplitState.DEGRADED, Reason.SERVER_ERROR);
        assertThat(said()).as("the next time it is news again").hasSize(4);
    }

    private List<Level> said() {
        return lines.list.stream()
                .map(ILoggingEvent::getLevel)
                .filter(level -> level.isGreaterOrEqual(Level.INFO))
                .toList();
    }

    private void is(SplitState state, Reason... reason) {
        observer.split(new SplitStatus(
                OneStream.SPLIT,
                0,
                state,
                List.of(reason).stream().findFirst(),
                "",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Duration.ofHours(48),
                Optional.empty(),
                Optional.empty(),
                0,
                0,
                Duration.ZERO,
                new TreeMap<>()));
    }
}
