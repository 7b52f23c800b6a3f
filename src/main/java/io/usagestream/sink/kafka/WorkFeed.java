package io.usagestream.sink.kafka;

import io.usagestream.sink.Ownership;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.kafka.client.common.TopicPartition;
import io.vertx.kafka.client.consumer.KafkaConsumer;
import io.vertx.kafka.client.consumer.KafkaConsumerRecord;
import io.vertx.kafka.client.consumer.KafkaConsumerRecords;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the requests topic from its beginning and goes on for ever: every instance reads all of it, without a group. What was
 * there at the start is told once it has been read to the end, so that no finished request looks open.
 */
final class WorkFeed {
    private static final Logger LOG = LoggerFactory.getLogger(WorkFeed.class);
    private static final Duration POLL = Duration.ofSeconds(2);

    /** While the beginning is read, which may end without a record. */
    private static final Duration LOOK = Duration.ofMillis(500);

    private static final long AFTER_ERROR_MILLIS = 2_000;

    /** A client says goodbye to the brokers when it is closed, and waits half a minute for those that hang. */
    private static final long CLOSE_MILLIS = 1_000;

    private final Vertx vertx;
    private final KafkaSettings settings;
    private final WorkFold fold = new WorkFold();

    /** The ids of what is still to be told. */
    private final Set<String> news = new LinkedHashSet<>();

    private Optional<KafkaConsumer<byte[], byte[]>> reading = Optional.empty();
    private boolean closed;

    WorkFeed(Vertx vertx, KafkaSettings settings) {
        this.vertx = vertx;
        this.settings = settings;
    }

    /** Begins, and begins again until it works; the listener is called on the context of this call. */
    Future<Void> start(Ownership.WorkListener listener) {
        attempt(vertx.getOrCreateContext(), listener);
        return Future.succeededFuture();
    }

    /** Ends it; what brokers that do not answer leave open ends with the process. */
    Future<Void> close() {
        closed = true;
        return reading.map(reader -> reader.close().timeout(CLOSE_MILLIS, TimeUnit.MILLISECONDS))
                .orElseGet(Future::succeededFuture)
                .otherwiseEmpty();
    }

    private void attempt(Context context, Ownership.WorkListener listener) {
        if (closed) {
            return;
        }
        KafkaConsumer<byte[], byte[]> reader = KafkaConsumer.create(
                vertx,
                ClientProperties.follower(settings, "requests"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        reading = Optional.of(reader);
        String topic = settings.topic(TopicPlan.REQUESTS);
        reader.partitionsFor(topic)
                .map(infos -> infos.stream()
                        .map(info -> new TopicPartition(topic, info.getPartition()))
                        .collect(Collectors.toSet()))
                .compose(partitions -> reader.assign(partitions)
                        .compose(v -> reader.seekToBeginning(partitions))
                        .compose(v -> reader.endOffsets(partitions)))
                .onComplete(ends -> context.runOnContext(v -> {
                    if (ends.succeeded()) {
                        poll(context, reader, new HashMap<>(ends.result()), listener);
                    } else if (!closed) {
                        LOG.atWarn()
                                .addKeyValue("cause", String.valueOf(ends.cause()))
                                .log("requests not found yet");
                        startAfresh(context, reader, listener);
                    }
                }));
    }

    /** @param ahead ends that are still to be reached before anything is told */
    private void poll(
            Context context,
            KafkaConsumer<byte[], byte[]> reader,
            Map<TopicPartition, Long> ahead,
            Ownership.WorkListener listener) {
        if (closed) {
            return;
        }
        reader.poll(ahead.isEmpty() ? POLL : LOOK)
                .compose(records -> {
                    take(records);
                    return pass(reader, ahead);
                })
                .onComplete(step -> {
                    if (step.succeeded()) {
                        if (ahead.isEmpty()) {
                            news.forEach(id -> tell(id, listener));
                            news.clear();
                        }
                        vertx.setTimer(1, id -> poll(context, reader, ahead, listener));
                    } else if (!closed) {
                        LOG.atWarn()
                                .addKeyValue("cause", String.valueOf(step.cause()))
                                .log("requests not read; beginning again");
                        startAfresh(context, reader, listener);
                    }
                });
    }

    /**
     * With another client, from the beginning: certificates are read when a client is made, and in a topic that was made anew its
     * place is none. What is told twice is taken up once.
     */
    private void startAfresh(Context context, KafkaConsumer<byte[], byte[]> before, Ownership.WorkListener listener) {
        before.close();
        vertx.setTimer(AFTER_ERROR_MILLIS, id -> attempt(context, listener));
    }

    /** Crosses off the ends that have been reached. */
    private static Future<Void> pass(KafkaConsumer<byte[], byte[]> reader, Map<TopicPartition, Long> ahead) {
        return Future.all(List.copyOf(ahead.keySet()).stream()
                        .map(partition -> reader.position(partition).map(position -> {
                            ahead.computeIfPresent(partition, (p, end) -> position >= end ? null : end);
                            return position;
                        }))
                        .toList())
                .mapEmpty();
    }

    private void tell(String id, Ownership.WorkListener listener) {
        fold.find(id).ifPresentOrElse(listener::asked, () -> listener.forgotten(id));
    }

    private void take(KafkaConsumerRecords<byte[], byte[]> records) {
        for (int i = 0; i < records.size(); i++) {
            KafkaConsumerRecord<byte[], byte[]> record = records.recordAt(i);
            fold.take(record.key(), record.value()).ifPresent(news::add);
        }
    }
}
