package io.usagestream.cli;

import io.usagestream.config.Settings;
import io.usagestream.envelope.CloudEvents;
import io.usagestream.envelope.Reader;
import io.usagestream.envelope.RecordType;
import io.usagestream.envelope.UnreadableException;
import io.usagestream.ingest.CatchUp;
import io.usagestream.query.CommittedTopics;
import io.usagestream.query.RegistrySchemas;
import io.usagestream.stream.Publication;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the progress topic on a thread of its own, so that splits that other instances own are waited for too. It ends when nothing
 * is waited for any more; until then it begins anew when Kafka or the schema registry fails.
 */
final class ProgressWatch {
    private static final Logger LOG = LoggerFactory.getLogger(ProgressWatch.class);

    private final Settings settings;
    private final CatchUp catchUp;
    private final Reader reader = new Reader();

    ProgressWatch(Settings settings, CatchUp catchUp) {
        this.settings = settings;
        this.catchUp = catchUp;
    }

    void start() {
        Thread thread = new Thread(this::watch, "progress-watch");
        thread.setDaemon(true);
        thread.start();
    }

    private void watch() {
        String prefix = settings.topics().prefix();
        while (waiting()) {
            try (var consumer = new KafkaConsumer<>(
                            CommittedTopics.consumerProperties(settings.kafka().values(), prefix),
                            new ByteArrayDeserializer(),
                            new ByteArrayDeserializer());
                    RegistrySchemas schemas = KafkaParts.schemas(settings)) {
                follow(consumer, RecordType.PROGRESS.topic(prefix), schemas);
            } catch (KafkaException | IllegalStateException e) { // the latter: the registry does not answer
                LOG.atDebug().addKeyValue("cause", e.toString()).log("progress cannot be read; trying again");
                pause();
            }
        }
    }

    private void follow(KafkaConsumer<byte[], byte[]> consumer, String topic, RegistrySchemas schemas) {
        List<TopicPartition> partitions = List.of();
        while (partitions.isEmpty()) {
            pause();
            partitions = consumer.partitionsFor(topic).stream()
                    .map(p -> new TopicPartition(p.topic(), p.partition()))
                    .toList();
        }
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        while (waiting()) {
            pause(); // every commit of a catch-up would be an answer of its own: what is waited for takes longer
            consumer.poll(Duration.ofSeconds(1)).forEach(record -> take(record, schemas));
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record, RegistrySchemas schemas) {
        if (record.value() == null) {
            return;
        }
        try {
            CloudEvents.split(record.headers()).ifPresent(split -> {
                reader.learnFor(record.value(), schemas);
                Publication said = reader.publication(RecordType.PROGRESS, split, record.value());
                if (said instanceof Publication.Progress progress) {
                    catchUp.progress(progress);
                }
            });
        } catch (UnreadableException e) {
            LOG.atDebug()
                    .addKeyValue("topic", record.topic())
                    .addKeyValue("partition", record.partition())
                    .addKeyValue("offset", record.offset())
                    .addKeyValue("cause", e.toString())
                    .log("progress that is not readable here was skipped");
        }
    }

    private boolean waiting() {
        return !Thread.currentThread().isInterrupted() && !catchUp.done().isComplete();
    }

    private static void pause() {
        try {
            Thread.sleep(500);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
