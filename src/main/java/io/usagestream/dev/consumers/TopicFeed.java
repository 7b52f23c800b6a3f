package io.usagestream.dev.consumers;

import io.usagestream.envelope.CloudEvents;
import io.usagestream.envelope.Reader;
import io.usagestream.envelope.RecordType;
import io.usagestream.stream.Publication;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Committed records of some topics, from the beginning and then as they come. There is no consumer group: what these consumers know
 * is in memory, so they read from the beginning each time. One that keeps its state elsewhere keeps its offsets with it, in one
 * transaction.
 */
public final class TopicFeed implements AutoCloseable {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<String, RecordType> types = new HashMap<>();
    private final Map<TopicPartition, Long> ends;
    private final IntFunction<String> schemas;
    private final Reader reader = new Reader();

    /**
     * @param schemas gives the schema of a registry's id; may block
     * @throws UnknownTopicOrPartitionException when one of the topics is not there
     */
    public TopicFeed(String bootstrapServers, String prefix, List<RecordType> read, IntFunction<String> schemas) {
        this.schemas = schemas;
        // Without read_committed a consumer sees records of transactions that were aborted.
        consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "isolation.level",
                        "read_committed",
                        "auto.offset.reset",
                        "earliest",
                        "enable.auto.commit",
                        "false",
                        "allow.auto.create.topics",
                        "false"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = new ArrayList<>();
        for (RecordType type : read) {
            String topic = type.topic(prefix);
            types.put(topic, type);
            List<PartitionInfo> found = consumer.partitionsFor(topic);
            if (found.isEmpty()) { // nothing to read would look like nothing used
                close();
                throw new UnknownTopicOrPartitionException("there is no topic " + topic);
            }
            found.forEach(p -> partitions.add(new TopicPartition(p.topic(), p.partition())));
        }
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        ends = new HashMap<>(consumer.endOffsets(partitions));
    }

    /** What has come, at most so much later. */
    public List<Publication> poll(Duration patience) {
        List<Publication> publications = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(patience)) {
            RecordType type = types.get(record.topic());
            if (type != null && record.value() != null) {
                reader.learnFor(record.value(), schemas);
                CloudEvents.split(record.headers())
                        .ifPresent(split -> publications.add(reader.publication(type, split, record.value())));
            }
        }
        return publications;
    }

    /** Whether all has been read that was there when the feed began. */
    public boolean caughtUp() {
        ends.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
        return ends.isEmpty();
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
    }
}
