package io.usagestream.query;

import io.usagestream.envelope.RecordType;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads topics from their beginning to where they end now: committed records only, without a consumer group. It blocks the
 * thread that calls it; one at a time.
 */
public final class CommittedTopics implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration METADATA = Duration.ofSeconds(15);
    private static final Duration SILENCE = Duration.ofSeconds(60);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final String prefix;
    private final Optional<Ends> ends;

    /** Says where partitions of a topic end; may block. */
    public interface Ends {
        Map<TopicPartition, Long> of(String topic, List<TopicPartition> partitions);
    }

    /**
     * Topics up to where they can be read now: what lies behind an open transaction is not looked for.
     *
     * @param properties of the Kafka clients
     */
    public CommittedTopics(Map<String, String> properties, String prefix) {
        this(properties, prefix, Optional.empty());
    }

    /** Topics up to ends that somebody else knows. */
    public CommittedTopics(Map<String, String> properties, String prefix, Ends ends) {
        this(properties, prefix, Optional.of(ends));
    }

    private CommittedTopics(Map<String, String> properties, String prefix, Optional<Ends> ends) {
        this.consumer = new KafkaConsumer<>(
                consumerProperties(properties, prefix), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.prefix = prefix;
        this.ends = ends;
    }

    /** How far a topic reaches: by partition, the offset after its last committed record. */
    public record Extent(Map<TopicPartition, Long> ends) {}

    /** How far a record type's topic reaches now; no partitions when there is no such topic. */
    public Extent extent(RecordType type) {
        try {
            String topic = type.topic(prefix);
            List<TopicPartition> partitions = consumer.partitionsFor(topic, METADATA).stream()
                    .map(p -> new TopicPartition(p.topic(), p.partition()))
                    .sorted(Comparator.comparingInt(TopicPartition::partition))
                    .toList();
            if (ends.isPresent()) {
                return new Extent(ends.get().of(topic, partitions));
            }
            consumer.assign(partitions);
            return new Extent(consumer.endOffsets(partitions, METADATA));
        } catch (UnknownTopicOrPartitionException e) {
            return new Extent(Map.of());
        }
    }

    /**
     * Every committed record within the extent, in order within each partition.
     *
     * @throws TimeoutException when nothing comes for a minute
     */
    public void read(Extent extent, Consumer<ConsumerRecord<byte[], byte[]>> sink) {
        Map<TopicPartition, Long> left = new HashMap<>(extent.ends());
        consumer.assign(left.keySet());
        consumer.seekToBeginning(left.keySet());
        long heard = System.nanoTime();
        while (true) {
            left.entrySet().removeIf(end -> consumer.position(end.getKey(), METADATA) >= end.getValue());
            if (left.isEmpty()) {
                return;
            }
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            if (!records.isEmpty()) {
                heard = System.nanoTime();
            } else if (System.nanoTime() - heard > SILENCE.toNanos()) {
                throw new TimeoutException("nothing was read from " + left.keySet() + " for " + SILENCE.toSeconds()
                        + " s; an open transaction may hold the end back");
            }
            for (TopicPartition partition : records.partitions()) {
                long end = extent.ends().getOrDefault(partition, 0L);
                for (ConsumerRecord<byte[], byte[]> record : records.records(partition)) {
                    if (record.offset() < end && record.key() != null && record.value() != null) {
                        sink.accept(record);
                    }
                }
                if (!left.containsKey(partition)) {
                    consumer.pause(List.of(partition));
                }
            }
        }
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
    }

    /** The properties of a consumer that follows no group and sees what was committed. */
    public static Map<String, Object> consumerProperties(Map<String, String> properties, String prefix) {
        Map<String, Object> all = new HashMap<>();
        all.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "100");
        all.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "5000");
        all.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, Integer.toString(16 << 20));
        all.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, Integer.toString(4 << 20));
        all.put(ConsumerConfig.RECEIVE_BUFFER_CONFIG, Integer.toString(1 << 20));
        all.putAll(properties);
        all.remove(ConsumerConfig.GROUP_ID_CONFIG);
        all.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
        all.put(ConsumerConfig.CLIENT_ID_CONFIG, prefix + "-query");
        all.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        all.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        return all;
    }
}
