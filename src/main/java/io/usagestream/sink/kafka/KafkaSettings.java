package io.usagestream.sink.kafka;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * How to reach Kafka and what is kept there.
 *
 * @param client properties of the Kafka clients, as configured
 * @param prefix first word of all topics, of the transactional ids and name of the group
 * @param lanes partitions of the checkpoints topic
 * @param instance stable name of this instance; empty: host name and the first free slot
 * @param limits how long things may take
 */
public record KafkaSettings(
        Map<String, String> client,
        String prefix,
        int lanes,
        String instance,
        Optional<Registry> registry,
        Limits limits) {
    public KafkaSettings {
        client = Map.copyOf(client);
    }

    /** Where schemas are registered, and whether this service may register its own. */
    public record Registry(URI url, boolean autoRegister) {}

    /**
     * Bounds, so that nothing waits for ever.
     *
     * @param commit how long an unanswered commit is asked for again before its outcome counts as unknown; far below
     *     {@code transaction.timeout.ms}
     * @param stable how long a last stable offset may stay behind: a lane's after the fence, a data topic's before it is read back
     * @param restore how long reading a lane may take
     * @param revoke how long the group waits for lanes to stop
     * @param close how long a commit in flight may go on after the session is told to close
     * @param registry for one request to the registry
     */
    public record Limits(
            Duration commit, Duration stable, Duration restore, Duration revoke, Duration close, Duration registry) {
        public static final Limits DEFAULT = new Limits(
                Duration.ofSeconds(20),
                Duration.ofSeconds(10),
                Duration.ofMinutes(5),
                Duration.ofSeconds(10),
                Duration.ofSeconds(8),
                Duration.ofSeconds(5));

        /** The same, but for transactions that the broker aborts after that time: a commit is not asked for again beyond a third of it. */
        public Limits within(Duration transactionTimeout) {
            Duration third = transactionTimeout.dividedBy(3);
            return third.compareTo(commit) < 0 ? new Limits(third, stable, restore, revoke, close, registry) : this;
        }
    }

    /** The topic of that suffix. */
    public String topic(String suffix) {
        return prefix + "." + suffix;
    }

    String checkpoints() {
        return topic(TopicPlan.CHECKPOINTS);
    }

    /** How the transactional ids of all lanes begin. */
    String transactionalIds() {
        return prefix + "-lane-";
    }

    String transactionalId(int lane) {
        return transactionalIds() + lane;
    }
}
