package io.usagestream.sink.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.usagestream.envelope.WorkFormat;
import io.usagestream.stream.Split;
import io.usagestream.stream.Work;
import io.usagestream.stream.WorkStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
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

    /** The partition of all orders and answers: who follows them does not hear of others that are added meanwhile. */
    static final int PARTITION = 0;

    /** For so long whoever asked can look how it ended. */
    private static final Duration REMEMBERED = Duration.ofDays(7);

    private final KafkaSettings settings;
    private final String topic;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final WorkFold fold = new WorkFold();

    /** Reads all that was asked for and answered so far. */
    public WorkOrders(KafkaSettings settings) {
        this.settings = settings;
        this.consumer = new KafkaConsumer<>(
                Map.copyOf(ClientProperties.reader(settings, "orders")),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        this.topic = settings.topic(TopicPlan.REQUESTS);
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
        write(List.of(new ProducerRecord<>(topic, PARTITION, WorkFormat.key(work), WorkFormat.encode(work, now))));
        fold.order(work);
    }

    /**
     * Has the topic forget what was over a week ago, so that it, and all that every owner holds of it, is not more than what is asked
     * for in that time. Whoever asks for work clears up behind those who asked before: only then it grows.
     *
     * @param splits the splits that a source has; none of one that is not configured here
     */
    public void forgetWhatIsOver(Function<String, Collection<Split>> splits, Instant now) throws InterruptedException {
        Map<String, List<byte[]>> over = fold.over(now.minus(REMEMBERED), splits);
        // the statuses last, and only when the requests are gone for good: a request without them would be done once
        // more
        write(over.keySet().stream().map(id -> removing(id.getBytes(UTF_8))).toList());
        write(over.values().stream().flatMap(List::stream).map(this::removing).toList());
    }

    private ProducerRecord<byte[], byte[]> removing(byte[] key) {
        return new ProducerRecord<>(topic, PARTITION, key, null);
    }

    /** Writes records and waits until they are there. */
    private void write(List<ProducerRecord<byte[], byte[]>> records) throws InterruptedException {
        if (records.isEmpty()) {
            return;
        }
        Map<String, Object> properties = new HashMap<>(settings.client());
        properties.keySet().removeIf(name -> name.startsWith("transactional."));
        properties.put(ProducerConfig.CLIENT_ID_CONFIG, settings.prefix() + "-orders");
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        // an order that arrives twice is the same order; and who may write nothing is told so about the topic, not the
        // cluster
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "false");
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            List<Future<RecordMetadata>> sent =
                    records.stream().map(producer::send).toList();
            for (Future<RecordMetadata> one : sent) {
                one.get(SEND_SECONDS, TimeUnit.SECONDS);
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new Failures(settings)
                    .beforeCommit("the request could not be written", e.getCause() == null ? e : e.getCause());
        }
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
