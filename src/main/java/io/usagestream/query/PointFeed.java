package io.usagestream.query;

import io.usagestream.envelope.CloudEvents;
import io.usagestream.envelope.Reader;
import io.usagestream.envelope.RecordType;
import io.usagestream.envelope.UnreadableException;
import io.usagestream.stream.Publication.PointRevision;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the points topic in the background, on a thread of its own: the committed points of buckets that begin after some time,
 * from what was published since then on to whatever comes, of all instances, each record once. It keeps nothing of what it gives.
 */
public final class PointFeed implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PointFeed.class);
    private static final Duration METADATA = Duration.ofSeconds(15);
    private static final Duration POLL = Duration.ofSeconds(2);
    private static final Duration RETRY = Duration.ofSeconds(5);

    private final Map<String, String> properties;
    private final String prefix;
    private final Optional<URI> registry;
    private final Instant since;
    private final Consumer<PointRevision> sink;
    private final Reader reader = new Reader();
    /** What comes next of each partition: what was given is not read again. Of the feed's thread. */
    private final Map<TopicPartition, OffsetAndMetadata> places = new HashMap<>();

    private final Thread thread = new Thread(this::follow, "point-feed");
    private volatile Optional<KafkaConsumer<byte[], byte[]>> following = Optional.empty();
    private volatile boolean closed;
    private boolean unreadable;

    /**
     * @param properties of the Kafka clients
     * @param registry the configured schema registry, if there is one
     * @param since when the oldest bucket begins that is wanted; no point of it was published before
     * @param sink called on the feed's thread
     */
    public PointFeed(
            Map<String, String> properties,
            String prefix,
            Optional<URI> registry,
            Instant since,
            Consumer<PointRevision> sink) {
        this.properties = Map.copyOf(properties);
        this.prefix = prefix;
        this.registry = registry;
        this.since = since;
        this.sink = sink;
    }

    /** Begins; does not wait. */
    public PointFeed start() {
        thread.setDaemon(true);
        thread.setPriority(Thread.MIN_PRIORITY);
        thread.start();
        return this;
    }

    /** Ends soon; does not wait. */
    @Override
    public void close() {
        closed = true;
        following.ifPresent(KafkaConsumer::wakeup);
    }

    private void follow() {
        try (RegistrySchemas schemas = new RegistrySchemas(registry)) {
            while (!closed) {
                follow(schemas);
                if (!closed) {
                    Thread.sleep(RETRY.toMillis());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** With one client, until it fails: certificates are read when a client is made. */
    private void follow(RegistrySchemas schemas) {
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(followerProperties(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            following = Optional.of(consumer);
            while (!closed && place(consumer)) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
                records.forEach(record -> take(record, schemas));
                places.putAll(records.nextOffsets());
            }
        } catch (WakeupException e) {
            LOG.debug("closed");
        } catch (KafkaException e) {
            LOG.atDebug().addKeyValue("cause", e.toString()).log("points cannot be read; trying again");
        }
    }

    /** It asks as seldom as Kafka's own default: it is answered as soon as there is something. */
    private Map<String, Object> followerProperties() {
        Map<String, Object> all = CommittedTopics.consumerProperties(properties, prefix);
        all.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "500");
        return all;
    }

    /**
     * Where the client before it was; partitions that are new to the feed, at the first record that was written since then, or at
     * the end where there is none.
     *
     * @return whether there is anything to read from
     */
    private boolean place(KafkaConsumer<byte[], byte[]> consumer) {
        Set<TopicPartition> partitions = consumer.partitionsFor(RecordType.POINT.topic(prefix), METADATA).stream()
                .map(p -> new TopicPartition(p.topic(), p.partition()))
                .collect(Collectors.toSet());
        if (consumer.assignment().containsAll(partitions)) {
            return !partitions.isEmpty();
        }
        // before anything is asked: of partitions that are not assigned each answer is a warning
        consumer.assign(partitions);
        Set<TopicPartition> unknown = partitions.stream()
                .filter(partition -> !places.containsKey(partition))
                .collect(Collectors.toSet());
        // the ends first: what is written in between lies after them
        Map<TopicPartition, Long> ends = consumer.endOffsets(unknown, METADATA);
        Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(
                unknown.stream().collect(Collectors.toMap(partition -> partition, partition -> since.toEpochMilli())),
                METADATA);
        for (TopicPartition partition : unknown) {
            long offset = Optional.ofNullable(found.get(partition))
                    .map(OffsetAndTimestamp::offset)
                    .orElseGet(() -> ends.getOrDefault(partition, 0L));
            places.put(partition, new OffsetAndMetadata(offset));
        }
        partitions.forEach(partition ->
                Optional.ofNullable(places.get(partition)).ifPresent(place -> consumer.seek(partition, place)));
        return true;
    }

    private void take(ConsumerRecord<byte[], byte[]> record, RegistrySchemas schemas) {
        if (record.value() == null || !isWanted(record.headers())) {
            return;
        }
        try {
            CloudEvents.split(record.headers()).ifPresent(split -> {
                reader.learnFor(record.value(), schemas);
                sink.accept((PointRevision) reader.publication(RecordType.POINT, split, record.value()));
            });
        } catch (UnreadableException | IllegalStateException e) {
            if (!unreadable) {
                LOG.atWarn()
                        .addKeyValue("topic", record.topic())
                        .addKeyValue("partition", record.partition())
                        .addKeyValue("offset", record.offset())
                        .addKeyValue("cause", e.toString())
                        .log("points that cannot be read are not in the charts");
            }
            unreadable = true;
        }
    }

    /** Of what is older the value is not looked at. */
    private boolean isWanted(Headers headers) {
        return CloudEvents.time(headers)
                .filter(time -> time.compareTo(since.toString()) >= 0)
                .isPresent();
    }
}
