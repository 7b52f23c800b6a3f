package io.usagestream.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import java.util.Map;
import net.logstash.logback.encoder.LogstashEncoder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets the logging up: one event a line on standard error, so that standard output is a command's answer and nothing else. */
final class Logs {
    /** Libraries that talk while nothing is wrong, or say twice what we say ourselves. */
    private static final Map<String, Level> LIBRARIES = Map.of(
            "org.apache.kafka", Level.WARN,
            // a broker that is away is said once by us, not every 50 ms by each client
            "org.apache.kafka.clients.NetworkClient", Level.ERROR,
            "org.apache.kafka.clients.producer.internals.Sender", Level.ERROR,
            "org.apache.kafka.clients.ClientUtils", Level.ERROR,
            // what the group needs is no news to a producer
            "org.apache.kafka.clients.producer.ProducerConfig", Level.ERROR,
            "org.apache.kafka.clients.consumer.ConsumerConfig", Level.ERROR,
            "org.apache.kafka.clients.admin", Level.ERROR,
            "io.netty", Level.WARN,
            "io.vertx", Level.WARN,
            "org.apache.avro", Level.WARN);

    private Logs() {}

    static void configure(boolean json, Level level) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        Encoder<ILoggingEvent> encoder = json ? json() : text();
        encoder.setContext(context);
        encoder.start();
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setTarget("System.err");
        console.setEncoder(encoder);
        console.start();
        ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.addAppender(console);
        root.setLevel(level);
        LIBRARIES.forEach((name, usual) -> context.getLogger(name).setLevel(usual));
    }

    private static Encoder<ILoggingEvent> json() {
        LogstashEncoder encoder = new LogstashEncoder();
        encoder.setTimeZone("UTC");
        return encoder;
    }

    private static Encoder<ILoggingEvent> text() {
        TextLayout layout = new TextLayout();
        layout.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setLayout(layout);
        return encoder;
    }
}
