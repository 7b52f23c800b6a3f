package io.usagestream.sink.kafka;

import io.usagestream.envelope.WorkFormat;
import io.usagestream.stream.Work;
import io.usagestream.stream.WorkStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The other side of the requests topic: asks owners for work and follows how far they are. It publishes nothing else; only owners
 * do. Blocks the thread that calls it.
 */
public final class WorkOrders implements AutoCloseable {
    private static final Duration METADATA = Duration.ofSeconds(15);
    private static final long SEND_SECONDS = 30;

    private final KafkaSettings settings;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final WorkFold fold = new WorkFold();

    /** Reads all that was asked for and answered so far. */
    public WorkOrders(KafkaSettings settings) {
        this.settings = settings;
        this.consumer = new KafkaConsumer<>(
                Map.copyOf(ClientProperties.reader(settings, "orders")),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        String topic = settings.topic(TopicPlan.REQUESTS);
        List<TopicPartition> partitions = consumer.partitionsFor(topic, METADATA).stream()
                .map(p -> new TopicPartition(topic, p.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, METADATA);
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey(), METADATA) < end.getValue())) {
            follow(Duration.ofMillis(200));
        }
    }

    /** The work that was asked for under that id. */
    public Optional<Work> find(String id) {
        return fold.find(id);
    }

    /** Asks for work; asking again under the same id changes nothing that is done. */
    public void order(Work work, Instant now) throws InterruptedException {
        Map<String, Object> properties = new HashMap<>(settings.client());
        properties.keySet().removeIf(name -> name.startsWith("transactional."));
        properties.put(ProducerConfig.CLIENT_ID_CONFIG, settings.prefix() + "-orders");
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        // an order that arrives twice is the same order; and who may write nothing is told so about the topic, not the
        // cluster
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "false");
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(
                            settings.topic(TopicPlan.REQUESTS), WorkFormat.key(work), WorkFormat.encode(work, now)))
                    .get(SEND_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new Failures(settings)
                    .beforeCommit("the request could not be written", e.getCause() == null ? e : e.getCause());
        }
        fold.order(work);
    }

    /** What owners say of the work, by the split's name, after waiting so long for news. */
    public Map<String, WorkStatus> statuses(String id, Duration patience) {
        follow(patience);
        return fold.statuses(id);
    }

    private void follow(Duration patience) {
        consumer.poll(patience).forEach(record -> fold.take(record.key(), record.value()));
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
    }
}
