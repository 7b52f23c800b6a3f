package io.usagestream.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Sees every commit of every lane as a reader of committed records does, and when: times are as {@link System#nanoTime} counts. */
public final class CommitWatch implements AutoCloseable {
    private final Thread thread;
    private final Map<Integer, List<Long>> commits = new HashMap<>();
    private volatile boolean closed;

    public CommitWatch(Map<String, String> client, String checkpoints, int lanes) {
        Properties properties = new Properties();
        properties.putAll(client);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "20");
        thread = new Thread(() -> follow(properties, checkpoints, lanes), "commit-watch");
        thread.setDaemon(true);
        thread.start();
    }

    private void follow(Properties properties, String topic, int lanes) {
        try (var consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = IntStream.range(0, lanes)
                    .mapToObj(lane -> new TopicPartition(topic, lane))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToEnd(partitions);
            while (!closed) {
                long now = System.nanoTime();
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(50))) {
                    now = System.nanoTime();
                    add(record.partition(), now);
                }
            }
        }
    }

    private synchronized void add(int lane, long at) {
        commits.computeIfAbsent(lane, l -> new ArrayList<>()).add(at);
    }

    /** Lanes that have committed since then. */
    public synchronized Set<Integer> since(long time) {
        Set<Integer> lanes = new TreeSet<>();
        commits.forEach((lane, times) -> {
            if (times.get(times.size() - 1) - time > 0) {
                lanes.add(lane);
            }
        });
        return lanes;
    }

    /** The longest time between two commits of one lane after a moment. */
    synchronized Duration longestIdle(long since) {
        long longest = 0;
        for (List<Long> times : commits.values()) {
            long last = since;
            for (long time : times) {
                if (time - since > 0) {
                    longest = Math.max(longest, time - last);
                    last = time;
                }
            }
        }
        return Duration.ofNanos(longest);
    }

    @Override
    public void close() {
        closed = true;
    }
}
