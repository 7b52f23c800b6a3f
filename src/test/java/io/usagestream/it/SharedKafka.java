package io.usagestream.it;

import io.usagestream.dev.broker.BrokerSettings;
import io.usagestream.dev.broker.EmbeddedKafka;
import io.usagestream.sink.kafka.KafkaSettings;
import io.usagestream.sink.kafka.TopicSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** One broker behind a {@link KafkaProxy} for all tests of this JVM; prefixes keep them apart. It ends with the JVM. */
public final class SharedKafka {
    /** {@code -Dusagestream.kafka=container}: the same suites on the image apache/kafka. */
    public static final boolean CONTAINER = "container".equals(System.getProperty("usagestream.kafka"));

    private static final AtomicInteger PREFIXES = new AtomicInteger();
    private static final SharedKafka INSTANCE = new SharedKafka();

    private final KafkaProxy proxy;
    private final int brokerPort;

    private SharedKafka() {
        try {
            proxy = new KafkaProxy();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String advertised = "PLAINTEXT://127.0.0.1:" + proxy.port();
        brokerPort = CONTAINER ? ContainerKafka.start(advertised) : embedded(advertised);
        proxy.target(brokerPort);
    }

    private static int embedded(String advertised) {
        EmbeddedKafka kafka = EmbeddedKafka.start(BrokerSettings.SINGLE.with("advertised.listeners", advertised));
        Runtime.getRuntime().addShutdownHook(new Thread(kafka::close));
        return Integer.parseInt(kafka.bootstrapServers().replaceAll(".*:", ""));
    }

    public static SharedKafka instance() {
        return INSTANCE;
    }

    public String bootstrapServers() {
        return "127.0.0.1:" + proxy.port();
    }

    /** Where the broker itself is, behind the proxy. */
    public String brokerPort() {
        return String.valueOf(brokerPort);
    }

    public KafkaProxy proxy() {
        return proxy;
    }

    /** Settings with a prefix that no other test has. */
    public KafkaSettings settings(int lanes) {
        return settings("t" + PREFIXES.incrementAndGet(), lanes, Map.of());
    }

    /** Settings with more properties of the clients. */
    public KafkaSettings settings(String prefix, int lanes, Map<String, String> more) {
        Map<String, String> client = new HashMap<>(more);
        client.put("bootstrap.servers", bootstrapServers());
        return new KafkaSettings(client, prefix, lanes, "", Optional.empty(), KafkaSettings.Limits.DEFAULT);
    }

    /** Topics with two partitions each. */
    public static TopicSettings topics() {
        return new TopicSettings(true, 2, -1, -1, Optional.empty(), true);
    }
}
