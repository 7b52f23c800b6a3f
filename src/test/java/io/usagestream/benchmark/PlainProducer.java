package io.usagestream.benchmark;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The limit: Kafka's own producer writes what the service has written, byte for byte, in as large transactions with the same settings,
 * and does nothing else. A process of its own; it prints {@code transaction=…} when it begins.
 *
 * <p>Arguments: brokers, the service's topic, the topic to write to, partitions of each.
 */
public final class PlainProducer {
    /** As many different records are written again and again. */
    private static final int KEPT = 60_000;

    private PlainProducer() {}

    public static void main(String[] arguments) {
        String brokers = arguments[0];
        String from = arguments[1];
        String to = arguments[2];
        int partitions = Integer.parseInt(arguments[3]);
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        long count = 0;
        long transactions = 0;
        try (var consumer = new KafkaConsumer<>(
                properties(Map.of("bootstrap.servers", brokers, "isolation.level", "read_committed")),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            for (int p = 0; p < partitions; p++) {
                TopicPartition partition = new TopicPartition(from, p);
                consumer.assign(List.of(partition));
                consumer.seekToBeginning(List.of(partition));
                long end = consumer.endOffsets(List.of(partition)).values().stream()
                        .mapToLong(Long::longValue)
                        .sum();
                long here = 0;
                while (consumer.position(partition) < end) {
                    for (ConsumerRecord<byte[], byte[]> r : consumer.poll(Duration.ofSeconds(1))) {
                        here++;
                        if (records.size() < KEPT / partitions * (p + 1)) {
                            records.add(new ProducerRecord<>(to, null, r.key(), r.value(), r.headers()));
                        }
                    }
                }
                count += here;
                // every transaction leaves one marker in a partition that it wrote to
                transactions = Math.max(transactions, end - here);
            }
        }
        int size = (int) (count / Math.max(1, transactions));
        System.out.println("transaction=" + size);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                properties(Map.ofEntries(
                        Map.entry("bootstrap.servers", brokers),
                        Map.entry("transactional.id", to),
                        Map.entry("acks", "all"),
                        Map.entry("linger.ms", "50"),
                        Map.entry("batch.size", "131072"),
                        Map.entry("compression.type", "lz4"))),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.initTransactions();
            write(producer, records, count, size);
        }
    }

    private static void write(
            KafkaProducer<byte[], byte[]> producer,
            Collection<ProducerRecord<byte[], byte[]>> records,
            long count,
            int size) {
        var next = records.iterator();
        for (long sent = 0; sent < count; ) {
            producer.beginTransaction();
            for (int i = 0; i < size && sent < count; i++, sent++) {
                if (!next.hasNext()) {
                    next = records.iterator();
                }
                producer.send(next.next());
            }
            producer.commitTransaction();
        }
    }

    private static Properties properties(Map<String, String> values) {
        Properties properties = new Properties();
        properties.putAll(values);
        return properties;
    }
}
