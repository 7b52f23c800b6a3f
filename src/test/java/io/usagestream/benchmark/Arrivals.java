package io.usagestream.benchmark;

import io.usagestream.avro.UsagePoint;
import io.usagestream.envelope.Reader;
import io.usagestream.envelope.RecordType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads points from now on, committed ones only, and notes how long after upstream first showed it each piece of usage came. */
final class Arrivals implements AutoCloseable {
    private static final String MEASURE = "num_model_requests";

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Reader reader = new Reader();
    private final Duration period;
    private final Map<String, Long> held = new HashMap<>();
    private final List<Long> latencies = new ArrayList<>();

    /** @param period of the {@link Ticks} upstream */
    Arrivals(String bootstrapServers, String topic, Duration period) {
        this.period = period;
        consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers, "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
    }

    /** Reads while something else goes on. */
    <T> T during(Supplier<T> work) {
        CompletableFuture<T> done = CompletableFuture.supplyAsync(work);
        while (!done.isDone()) {
            read();
        }
        return done.join();
    }

    void watch(Duration time) {
        long deadline = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - deadline < 0) {
            read();
        }
    }

    /** What was noted so far does not count; what rows hold stays known. */
    void clear() {
        latencies.clear();
    }

    long count() {
        return latencies.size();
    }

    /** In milliseconds. */
    long percentile(int percent) {
        List<Long> sorted = latencies.stream().sorted().toList();
        int index = (int) Math.ceil(sorted.size() * percent / 100.0) - 1;
        return sorted.get(Math.max(0, index));
    }

    private void read() {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
            take(System.currentTimeMillis(), (UsagePoint) reader.read(RecordType.POINT, record.value()));
        }
    }

    private void take(long now, UsagePoint point) {
        long value = Objects.requireNonNull(point.getMeasures().get(MEASURE))
                .getValue()
                .longValueExact();
        Long before = held.put(point.getId(), value);
        int account = Integer.parseInt(point.getSource().substring(1));
        Ticks ticks = Ticks.of(account, period);
        long bucket = point.getBucketStart().toEpochMilli();
        if (before == null && point.getRevision() > 1) {
            return; // nobody knows which of its pieces are new
        }
        for (long piece = before == null ? 1 : before + 1; piece <= value; piece++) {
            latencies.add(now - ticks.at(bucket, piece));
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
