package io.usagestream.dev.broker;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/**
 * The embedded broker as a process of its own, so that it can be killed. It prints one line, {@code bootstrap.servers=…}, when it
 * serves, and runs until it is signalled.
 *
 * <p>Arguments: {@code port=9092}, {@code folder=path}, {@code nodes=3}; anything else is a property of the broker.
 */
public final class BrokerProcess {
    private BrokerProcess() {}

    public static void main(String[] arguments) throws InterruptedException {
        BrokerSettings settings = BrokerSettings.SINGLE;
        for (String argument : arguments) {
            settings = apply(settings, argument);
        }
        EmbeddedKafka kafka = EmbeddedKafka.start(settings);
        Runtime.getRuntime().addShutdownHook(new Thread(kafka::close, "broker-close"));
        System.out.println("bootstrap.servers=" + kafka.bootstrapServers());
        new CountDownLatch(1).await();
    }

    private static BrokerSettings apply(BrokerSettings settings, String argument) {
        int equals = argument.indexOf('=');
        if (equals < 0) {
            throw new IllegalArgumentException("not name=value: " + argument);
        }
        String name = argument.substring(0, equals);
        String value = argument.substring(equals + 1);
        return switch (name) {
            case "port" -> settings.onPort(Integer.parseInt(value));
            case "nodes" -> settings.withNodes(Integer.parseInt(value));
            case "folder" -> settings.in(Path.of(value));
            default -> settings.with(name, value);
        };
    }
}
