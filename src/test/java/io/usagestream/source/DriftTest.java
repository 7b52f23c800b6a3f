package io.usagestream.source;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

class DriftTest {
    @Test
    void what_is_not_known_is_counted_and_said_once_with_its_reason() {
        Logger logger = (Logger) LoggerFactory.getLogger(Drift.class);
        ListAppender<ILoggingEvent> said = new ListAppender<>();
        said.start();
        Level before = logger.getLevel();
        logger.setLevel(Level.ALL); // other tests quieten all of it
        logger.addAppender(said);
        try {
            Drift drift = new Drift("drift-test");
            drift.saw("costs", "mood");
            drift.saw("costs", "mood");
            assertThat(drift.of("costs")).containsEntry("mood", 2L);
        } finally {
            logger.detachAppender(said);
            logger.setLevel(before);
        }
        assertThat(said.list)
                .filteredOn(event -> event.getKeyValuePairs().contains(new KeyValuePair("source", "drift-test")))
                .singleElement()
                .satisfies(event -> assertThat(event.getKeyValuePairs())
                        .contains(new KeyValuePair("reason", "unknown_field"), new KeyValuePair("name", "mood")));
    }
}
