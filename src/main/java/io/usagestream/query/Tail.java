package io.usagestream.query;

import io.usagestream.envelope.Reader;
import io.usagestream.envelope.RecordType;
import io.usagestream.envelope.UnreadableException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.IntFunction;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Follows one topic as {@code tail -f} follows a file: committed records, one line each, without a consumer group. It blocks the
 * thread that calls it, and it waits for a topic and brokers that are not there yet.
 */
public final class Tail {
    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Duration METADATA = Duration.ofSeconds(5);

    /** Where lines go. */
    public interface Output {
        /** A line that was asked for; false when nobody reads them any more. */
        boolean line(String text);

        /** Something that a person should know. */
        void note(String text);
    }

    private final RecordType type;
    private final String topic;
    private final LineFormat format;
    private final Output output;
    private final IntFunction<String> schemas;
    private final Reader reader = new Reader();

    /** @param schemas gives the schema of a registry's id; may block */
    public Tail(RecordType type, String prefix, LineFormat format, Output output, IntFunction<String> schemas) {
        this.type = type;
        this.topic = type.topic(prefix);
        this.format = format;
        this.output = output;
        this.schemas = schemas;
    }

    /**
     * Writes lines until so many are written, or for ever.
     *
     * @param properties of the Kafka clients
     * @param fromBeginning whether to begin with the oldest record that is kept, else with the next one
     */
    public void follow(Map<String, String> properties, boolean fromBeginning, OptionalLong most)
            throws InterruptedException {
        long left = most.orElse(Long.MAX_VALUE);
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                consumerProperties(properties), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = partitions(consumer, brokers(properties));
            consumer.assign(partitions);
            if (fromBeginning) {
                consumer.seekToBeginning(partitions);
            } else {
                consumer.seekToEnd(partitions);
            }
            boolean more = left > 0 && format.header(type).map(output::line).orElse(true);
            while (more) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    if (more && record.value() != null && write(record)) {
                        left--;
                        more = left > 0 && !gone;
                    }
                }
            }
            consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
        }
    }

    private boolean gone;

    private boolean write(ConsumerRecord<byte[], byte[]> record) {
        try {
            reader.learnFor(record.value(), schemas);
            gone = !output.line(format.line(type, record, reader));
            return true;
        } catch (UnreadableException e) {
            output.note(
                    "skipped partition " + record.partition() + " offset " + record.offset() + ": " + e.getMessage());
            return false;
        }
    }

    /** The topic's partitions, as soon as there are any. */
    private List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer, String brokers)
            throws InterruptedException {
        String said = "";
        while (true) {
            String waiting;
            try {
                List<TopicPartition> partitions = consumer.partitionsFor(topic, METADATA).stream()
                        .map(p -> new TopicPartition(topic, p.partition()))
                        .toList();
                if (!partitions.isEmpty()) {
                    return partitions;
                }
                waiting = "waiting for the topic " + topic + ": nobody has created it yet";
            } catch (AuthenticationException | AuthorizationException e) {
                throw e;
            } catch (RetriableException e) {
                waiting = "waiting for Kafka at " + brokers + ": " + e.getMessage();
            }
            if (!waiting.equals(said)) {
                output.note(waiting);
                said = waiting;
            }
            Thread.sleep(PATIENCE.toMillis());
        }
    }

    /** Whom nobody may hear, because brokers that want TLS or a password do not answer whoever speaks otherwise. */
    private static String brokers(Map<String, String> properties) {
        return properties.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG) + " in "
                + properties.getOrDefault(
                        CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, CommonClientConfigs.DEFAULT_SECURITY_PROTOCOL)
                + " (see kafka.bootstrap.servers and kafka.security.protocol)";
    }

    private static Map<String, Object> consumerProperties(Map<String, String> properties) throws KafkaException {
        Map<String, Object> all = new HashMap<>(properties);
        all.remove(ConsumerConfig.GROUP_ID_CONFIG);
        all.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
        all.put(ConsumerConfig.CLIENT_ID_CONFIG, "usagestream-tail");
        all.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        all.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        return all;
    }
}
