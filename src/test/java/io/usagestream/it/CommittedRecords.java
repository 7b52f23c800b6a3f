package io.usagestream.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.usagestream.sink.kafka.KafkaSettings;
import io.usagestream.stream.Split;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A reader that is not ours: plain client, {@code read_committed}, from the beginning to the last stable offset. */
public final class CommittedRecords {
    private final KafkaSettings settings;

    public CommittedRecords(KafkaSettings settings) {
        this.settings = settings;
    }

    /** All committed records of a topic. */
    public List<ConsumerRecord<byte[], byte[]>> of(String suffix) {
        Map<String, Object> properties = Map.of(
                "bootstrap.servers",
                String.valueOf(settings.client().get("bootstrap.servers")),
                "isolation.level",
                "read_committed",
                "auto.offset.reset",
                "earliest");
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(settings.topic(suffix)).stream()
                    .map(p -> new TopicPartition(p.topic(), p.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }

    /** {@code id#revision} of a split's points. */
    public List<String> points(Split split) {
        return of("points").stream()
                .filter(r -> new String(r.key(), UTF_8).startsWith(split.provider() + "/" + split.name() + "/"))
                .map(r -> new String(r.headers().lastHeader("ce_id").value(), UTF_8))
                .toList();
    }
}
