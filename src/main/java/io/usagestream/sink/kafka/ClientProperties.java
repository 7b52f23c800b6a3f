package io.usagestream.sink.kafka;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * Properties of the clients: what is configured, over defaults that suit this service, under what correctness needs.
 *
 * <p>Unanswered requests end well within a transaction's time-out (60 s): {@code max.block.ms} 15 s, {@code delivery.timeout.ms}
 * 30 s. Brokers are asked again soon after they come back.
 */
final class ClientProperties {
    private static final Map<String, String> SOON = Map.of(
            CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, "1000",
            CommonClientConfigs.RETRY_BACKOFF_MS_CONFIG, "50");

    /** Bytes of a request, and so of a record, unless configured otherwise: Kafka's default. */
    static final int LARGEST_RECORD = 1_048_576;

    private ClientProperties() {}

    /** Bytes that the lanes' producers take as one record at most. */
    static int largestRecord(KafkaSettings settings) {
        return Optional.ofNullable(settings.client().get(ProducerConfig.MAX_REQUEST_SIZE_CONFIG))
                .map(Integer::valueOf)
                .orElse(LARGEST_RECORD);
    }

    /** A lane's producer. */
    static Map<String, String> producer(KafkaSettings settings, int lane) {
        Map<String, String> properties = new HashMap<>(SOON);
        properties.put(ProducerConfig.CLIENT_ID_CONFIG, settings.transactionalId(lane));
        properties.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, "60000");
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "30000");
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "10000");
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, "15000");
        // Every transaction ends with a flush, which waits for no linger; without one, the first record of each
        // partition goes out alone, in a request and a compressed batch of its own.
        properties.put(ProducerConfig.LINGER_MS_CONFIG, "50");
        properties.put(ProducerConfig.BATCH_SIZE_CONFIG, "131072");
        properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        properties.putAll(settings.client());
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, settings.transactionalId(lane));
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        return properties;
    }

    /** A consumer that reads committed records without a group, from where it is told. */
    static Map<String, String> reader(KafkaSettings settings, String name) {
        Map<String, String> properties = new HashMap<>(SOON);
        properties.put(ConsumerConfig.CLIENT_ID_CONFIG, settings.prefix() + "-" + name);
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "100");
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "10000");
        properties.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, "67108864");
        properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, "16777216");
        properties.put(ConsumerConfig.RECEIVE_BUFFER_CONFIG, "1048576");
        properties.putAll(settings.client());
        properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
        properties.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        return properties;
    }

    /**
     * A reader that goes on for ever: it asks as seldom as Kafka's own default, and is answered as soon as there is something. Its end
     * waits for the question under way.
     */
    static Map<String, String> follower(KafkaSettings settings, String name) {
        Map<String, String> properties = reader(settings, name);
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "500");
        return properties;
    }

    /** The member of the group that shares out lanes. */
    static Map<String, String> member(KafkaSettings settings) {
        Map<String, String> properties = new HashMap<>(SOON);
        properties.put(ConsumerConfig.CLIENT_ID_CONFIG, settings.prefix() + "-owner");
        properties.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, "6000");
        properties.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, "1000");
        properties.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, "30000");
        // also how often a member looks whether it is time for a heartbeat
        properties.put(ConsumerConfig.RETRY_BACKOFF_MS_CONFIG, "200");
        properties.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, "10000");
        properties.putAll(settings.client());
        properties.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
        properties.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, settings.prefix());
        properties.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        return properties;
    }

    /** The admin client. */
    static Map<String, Object> admin(KafkaSettings settings) {
        Map<String, Object> properties = new HashMap<>(SOON);
        properties.put(CommonClientConfigs.CLIENT_ID_CONFIG, settings.prefix() + "-admin");
        properties.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, "10000");
        properties.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, "15000");
        properties.putAll(settings.client());
        return properties;
    }
}
