package io.usagestream.sink.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads committed records of partitions up to given ends. Blocks: for workers only, and one at a time. */
final class CommittedReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaConsumer<byte[], byte[]> consumer;

    CommittedReader(KafkaSettings settings, String name) {
        this.consumer = new KafkaConsumer<>(
                Map.copyOf(ClientProperties.reader(settings, name)),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    KafkaConsumer<byte[], byte[]> consumer() {
        return consumer;
    }

    /** Goes to the beginning of those partitions. */
    void fromBeginning(Collection<TopicPartition> partitions) {
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /**
     * Reads on until every partition's position has reached its end.
     *
     * @throws TimeoutException when that takes longer than the bound; all before the positions was given
     */
    void readTo(Map<TopicPartition, Long> ends, Duration bound, Consumer<ConsumerRecord<byte[], byte[]>> sink) {
        long deadline = System.nanoTime() + bound.toNanos();
        while (behind(ends)) {
            consumer.poll(POLL).forEach(sink);
            if (System.nanoTime() - deadline > 0 && behind(ends)) {
                throw new TimeoutException("reading to the end took longer than " + bound);
            }
        }
    }

    private boolean behind(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue());
    }

    @Override
    public void close() {
        consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ofSeconds(1)));
    }
}
