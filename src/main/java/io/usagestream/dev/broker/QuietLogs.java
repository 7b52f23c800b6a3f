package io.usagestream.dev.broker;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import java.util.Map;
import org.slf4j.LoggerFactory;

/**
 * Keeps the broker's own chatter out of the log of whoever hosts it: hundreds of lines at every start. A level that the logging
 * configuration sets is left alone.
 */
final class QuietLogs {
    private static final Map<String, Level> LEVELS = Map.of(
            "kafka", Level.ERROR,
            "state.change.logger", Level.ERROR,
            "org.apache.kafka", Level.WARN,
            // nodes of one JVM lose each other's connections at every stop
            "org.apache.kafka.clients.NetworkClient", Level.ERROR,
            // an end without hand-over is an error to these two; what matters they throw
            "kafka.server.BrokerServer", Level.OFF,
            "org.apache.kafka.raft.KafkaRaftClientDriver", Level.OFF,
            "org.apache.kafka.raft", Level.ERROR,
            // every node registers the same beans
            "org.apache.kafka.common.utils.AppInfoParser", Level.ERROR,
            "org.apache.kafka.server", Level.ERROR);

    private QuietLogs() {}

    static void apply() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext logback) {
            LEVELS.forEach((name, level) -> {
                var logger = logback.getLogger(name);
                if (logger.getLevel() == null) {
                    logger.setLevel(level);
                }
            });
        }
    }
}
