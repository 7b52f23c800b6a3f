package io.usagestream.cli;

import io.usagestream.config.Settings;
import io.usagestream.envelope.CloudEvents;
import io.usagestream.envelope.Reader;
import io.usagestream.envelope.RecordType;
import io.usagestream.envelope.UnreadableException;
import io.usagestream.ingest.CatchUp;
import io.usagestream.stream.Publication;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads the progress topic on a thread of its own, so that splits that other instances own are waited for too. */
final class ProgressWatch {
    private final Settings settings;
    private final CatchUp catchUp;

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
        Properties properties = new Properties();
        properties.putAll(settings.kafka().values());
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        while (!Thread.currentThread().isInterrupted()) {
            try (var consumer =
                    new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
                follow(consumer);
            } catch (KafkaException e) {
                pause();
            }
        }
    }

    private void follow(KafkaConsumer<byte[], byte[]> consumer) {
        RecordType type = RecordType.ofTopic("progress").orElseThrow();
        Reader reader = new Reader();
        List<TopicPartition> partitions = List.of();
        while (partitions.isEmpty()) {
            pause();
            partitions = consumer.partitionsFor(type.topic(settings.topics().prefix())).stream()
                    .map(p -> new TopicPartition(p.topic(), p.partition()))
                    .toList();
        }
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        while (!Thread.currentThread().isInterrupted()) {
            pause(); // every commit of a catch-up would be an answer of its own: what is waited for takes longer
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                CloudEvents.split(record.headers()).ifPresent(split -> {
                    try {
                        Publication said = reader.publication(type, split, record.value());
                        if (said instanceof Publication.Progress progress) {
                            catchUp.progress(progress);
                        }
                    } catch (UnreadableException e) {
                        // written with a registry's schema that is not known here: our own splits report without it
                    }
                });
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(500);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
