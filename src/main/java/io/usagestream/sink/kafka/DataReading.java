package io.usagestream.sink.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.usagestream.checkpoint.Segment;
import io.usagestream.checkpoint.SegmentName;
import io.usagestream.envelope.CloudEvents;
import io.usagestream.envelope.RecordType;
import io.usagestream.envelope.StateFormat;
import io.usagestream.sink.SinkException;
import io.usagestream.sink.SinkFailure;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Split;
import io.usagestream.stream.Window;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** Reads back what was committed: segments by their places, and last revisions from the data topics. */
final class DataReading {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration SEGMENT_BOUND = Duration.ofSeconds(30);

    /** A record cannot have been written before its event time; clocks may be that far apart. */
    private static final Duration SKEW = Duration.ofDays(1);

    private final KafkaSettings settings;
    private final Offsets offsets;
    private final WireFormats formats;
    private final LaneWorker loading;
    private final LaneWorker scanning;

    /**
     * The workers are apart from those of the lanes, because reading back must not hold up commits, and from one another: a scan may
     * take minutes, and every lane's polls wait for segments now and then.
     */
    DataReading(KafkaSettings settings, Offsets offsets, WireFormats formats, LaneWorker loading, LaneWorker scanning) {
        this.settings = settings;
        this.offsets = offsets;
        this.formats = formats;
        this.loading = loading;
        this.scanning = scanning;
    }

    Future<List<Segment>> segments(int lane, Map<SegmentName, Long> places) {
        if (places.isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        return loading.run(() -> read(lane, places)).recover(this::failed);
    }

    /** @param begun where a try that takes too long is left for the next */
    Future<List<Publication>> published(Split split, RecordType type, Window window, Scans begun) {
        return scanning.run(() -> scan(split, type, window, begun)).recover(this::failed);
    }

    private List<Segment> read(int lane, Map<SegmentName, Long> places) {
        TopicPartition partition = new TopicPartition(settings.checkpoints(), lane);
        List<Map.Entry<SegmentName, Long>> sorted = new ArrayList<>(places.entrySet());
        sorted.sort(Map.Entry.comparingByValue(Comparator.naturalOrder()));
        List<Segment> segments = new ArrayList<>(sorted.size());
        try (CommittedReader reader = new CommittedReader(settings, "lane-" + lane + "-load")) {
            reader.consumer().assign(List.of(partition));
            Map<Long, ConsumerRecord<byte[], byte[]>> ahead = new HashMap<>();
            for (var place : sorted) {
                ConsumerRecord<byte[], byte[]> record = Optional.ofNullable(ahead.get(place.getValue()))
                        .or(() -> at(reader, partition, place.getValue(), ahead))
                        .filter(r -> r.value() != null
                                && new String(r.key(), UTF_8)
                                        .equals(place.getKey().toString()))
                        .orElseThrow(() -> new SinkException(new SinkFailure.Refused(
                                Reason.STATE_LOST,
                                "segment " + place.getKey() + " is not at offset " + place.getValue() + " of "
                                        + partition)));
                segments.add(StateFormat.segment(record.value()));
            }
        }
        return segments;
    }

    /** The record at that offset, if there is one; what came along with it is kept for the next. */
    private static Optional<ConsumerRecord<byte[], byte[]>> at(
            CommittedReader reader,
            TopicPartition partition,
            long offset,
            Map<Long, ConsumerRecord<byte[], byte[]>> ahead) {
        ahead.clear();
        reader.consumer().seek(partition, offset);
        long deadline = System.nanoTime() + SEGMENT_BOUND.toNanos();
        while (reader.consumer().position(partition) <= offset) {
            if (System.nanoTime() - deadline > 0) {
                throw new TimeoutException("no answer within " + SEGMENT_BOUND);
            }
            reader.consumer().poll(POLL).forEach(record -> ahead.put(record.offset(), record));
        }
        return Optional.ofNullable(ahead.get(offset));
    }

    private List<Publication> scan(Split split, RecordType type, Window window, Scans begun) throws Exception {
        String topic = type.topic(settings.prefix());
        List<TopicPartition> partitions = offsets.partitions(topic);
        // what this lane committed a moment ago may be hidden: without it a day would be closed or published twice
        Map<TopicPartition, Long> ends = new CommittedEnds(settings, offsets)
                .of(topic, partitions, settings.limits().stable());
        Scans.Scan scan = begun.take(split, type, window);
        String prefix = (type == RecordType.PERIOD || type == RecordType.QUARANTINE ? "" : split.provider() + "/")
                + split.name() + "/";
        try (CommittedReader reader = new CommittedReader(settings, "published")) {
            reader.consumer().assign(partitions);
            seek(reader, partitions, window.from().minus(SKEW), ends);
            scan.next().forEach(reader.consumer()::seek);
            try {
                reader.readTo(ends, settings.limits().restore(), record -> {
                    if (record.key() != null && startsWith(record.key(), prefix)) {
                        publication(type, split, record)
                                .filter(p -> p.isOf(window))
                                .ifPresent(
                                        p -> scan.last().merge(new String(record.key(), UTF_8), p, DataReading::later));
                    }
                });
            } catch (TimeoutException e) {
                partitions.forEach(p -> scan.next().put(p, reader.consumer().position(p)));
                begun.keep(split, type, scan);
                throw new TimeoutException(
                        topic + " was read for " + settings.limits().restore()
                                + " and is not at its end: the next try goes on there",
                        e);
            }
        }
        return List.copyOf(scan.last().values());
    }

    private static void seek(
            CommittedReader reader, List<TopicPartition> partitions, Instant from, Map<TopicPartition, Long> ends) {
        Map<TopicPartition, Long> times = new HashMap<>();
        partitions.forEach(p -> times.put(p, Math.max(0, from.toEpochMilli())));
        reader.consumer()
                .offsetsForTimes(times)
                .forEach((partition, found) -> reader.consumer()
                        .seek(partition, found == null ? ends.getOrDefault(partition, 0L) : found.offset()));
    }

    private Optional<Publication> publication(RecordType type, Split split, ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null || !CloudEvents.split(record.headers()).equals(Optional.of(split))) {
            return Optional.empty();
        }
        formats.reader().learnFor(record.value(), id -> await(formats.schema(id)));
        return Optional.of(formats.reader().publication(type, split, record.value()));
    }

    private <T> T await(Future<T> answer) {
        try {
            return answer.toCompletionStage()
                    .toCompletableFuture()
                    .get(settings.limits().registry().toMillis() + 1_000, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
            throw new Failures(settings)
                    .beforeCommit("a schema could not be read", e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException e) {
            throw new org.apache.kafka.common.errors.InterruptException(e);
        }
    }

    /** A key lies in two partitions once a topic has got more of them: what was read last need not be the last that was written. */
    private static Publication later(Publication before, Publication after) {
        return after.revision() >= before.revision() ? after : before;
    }

    private static boolean startsWith(byte[] key, String prefix) {
        return key.length >= prefix.length() && new String(key, 0, prefix.length(), UTF_8).equals(prefix);
    }

    private <T> Future<T> failed(Throwable cause) {
        return Future.failedFuture(new Failures(settings).ofStep("reading back failed", cause));
    }
}
