package io.usagestream.it;

import java.time.Duration;
import java.util.Map;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

/** The image apache/kafka as one broker that advertises an address of our own, such as a proxy's. It ends with the JVM. */
final class ContainerKafka {
    private static final int PORT = 9092;

    private ContainerKafka() {}

    /** The port on this machine that leads to the broker. */
    @SuppressWarnings("resource") // it ends with the JVM
    static int start(String advertised) {
        GenericContainer<?> broker = new GenericContainer<>("apache/kafka:4.3.1")
                .withExposedPorts(PORT)
                .withEnv(Map.ofEntries(
                        Map.entry("KAFKA_NODE_ID", "1"),
                        Map.entry("KAFKA_PROCESS_ROLES", "broker,controller"),
                        Map.entry("KAFKA_CONTROLLER_QUORUM_VOTERS", "1@localhost:9093"),
                        Map.entry("KAFKA_CONTROLLER_LISTENER_NAMES", "CONTROLLER"),
                        Map.entry("KAFKA_LISTENERS", "PLAINTEXT://:9092,INSIDE://:9094,CONTROLLER://:9093"),
                        // the broker reaches itself inside, where the advertised address leads nowhere
                        Map.entry("KAFKA_ADVERTISED_LISTENERS", advertised + ",INSIDE://localhost:9094"),
                        Map.entry("KAFKA_INTER_BROKER_LISTENER_NAME", "INSIDE"),
                        Map.entry(
                                "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP",
                                "PLAINTEXT:PLAINTEXT,INSIDE:PLAINTEXT,CONTROLLER:PLAINTEXT"),
                        Map.entry("KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR", "1"),
                        Map.entry("KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR", "1"),
                        Map.entry("KAFKA_TRANSACTION_STATE_LOG_MIN_ISR", "1"),
                        Map.entry("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0"),
                        Map.entry("KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS", "100"),
                        Map.entry("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")))
                .waitingFor(
                        Wait.forLogMessage(".*Kafka Server started.*", 1).withStartupTimeout(Duration.ofMinutes(2)));
        broker.start();
        Runtime.getRuntime().addShutdownHook(new Thread(broker::stop));
        return broker.getMappedPort(PORT);
    }
}
