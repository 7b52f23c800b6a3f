package io.usagestream.dev.broker;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * Keeps the broker's own chatter out of the log of whoever hosts it: hundreds of lines at every start. A level that the logging
 * configuration sets is left alone.
 */
final class QuietLogs {
    /** What is left out whatever its level: it is noise of nodes that come and go in one JVM, and what matters is thrown. */
    private static final List<String> NOISE = List.of(
            // an end without hand-over is an error to these
            "kafka.server.BrokerServer",
            "kafka.server.ControllerApis",
            "org.apache.kafka.raft.KafkaRaftClientDriver",
            // a gauge looks at a node that is gone
            "com.yammer.metrics");

    private static final List<String> CHATTER = List.of(
            "kafka",
            "state.change.logger",
            "org.apache.kafka.raft",
            "org.apache.kafka.controller",
            "org.apache.kafka.server",
            // nodes of one JVM lose each other's connections at every stop, and register the same beans
            "org.apache.kafka.clients.NetworkClient",
            "org.apache.kafka.common.utils.AppInfoParser");

    private QuietLogs() {}

    static void apply() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext logback) {
            NOISE.forEach(name -> level(logback, name, Level.OFF));
            CHATTER.forEach(name -> level(logback, name, Level.ERROR));
            level(logback, "org.apache.kafka", Level.WARN);
        }
    }

    private static void level(LoggerContext logback, String name, Level level) {
        var logger = logback.getLogger(name);
        if (logger.getLevel() == null) {
            logger.setLevel(level);
        }
    }
}
