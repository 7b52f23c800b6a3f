package io.usagestream.sink.kafka;

import io.usagestream.checkpoint.Seal;
import io.usagestream.checkpoint.Segment;
import io.usagestream.checkpoint.SegmentName;
import io.usagestream.checkpoint.SplitCheckpoint;
import io.usagestream.envelope.Envelope;
import io.usagestream.envelope.Message;
import io.usagestream.envelope.RecordType;
import io.usagestream.envelope.StateFormat;
import io.usagestream.envelope.WorkFormat;
import io.usagestream.sink.Batch;
import io.usagestream.sink.SinkException;
import io.usagestream.sink.SinkFailure;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Reason;
import io.usagestream.stream.WorkStatus;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** The records of one transaction, all in bytes and all of a size that the log takes, before any of them is sent. */
final class LaneTransaction {
    private final KafkaSettings settings;
    private final int lane;
    private final int largest;
    private final Map<RecordType, String> topics = new EnumMap<>(RecordType.class);
    private final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    private final Map<Integer, SegmentName> segments = new HashMap<>();

    LaneTransaction(KafkaSettings settings, int lane, int largest) {
        this.settings = settings;
        this.lane = lane;
        this.largest = largest;
    }

    /** The records, in the order in which they are to be sent. */
    List<ProducerRecord<byte[], byte[]>> records() {
        return records;
    }

    /** The topics that its records of usage go to. */
    Collection<String> topics() {
        return topics.values();
    }

    /** Which records are segments, by their index. */
    Map<Integer, SegmentName> segments() {
        return segments;
    }

    void add(StateFormat.Lane agreement) {
        state(StateFormat.LANE_KEY.getBytes(StandardCharsets.UTF_8), StateFormat.encode(agreement));
    }

    void add(Batch batch, Envelope envelope, TraceHeaders traces) {
        List<Header> trace = traces.of(batch.split());
        for (Publication publication : batch.publications()) {
            Message message = envelope.encode(publication);
            require(message.size() + (trace.isEmpty() ? 0 : traces.size()), message.key());
            records.add(new ProducerRecord<>(
                    topics.computeIfAbsent(message.type(), type -> type.topic(settings.prefix())),
                    null,
                    null,
                    message.key(),
                    message.value(),
                    with(message.headers(), trace)));
        }
        batch.segments().forEach(this::add);
        batch.seals().forEach(this::add);
        batch.dropped().forEach(segment -> state(StateFormat.key(segment), null));
        batch.droppedSeals().forEach(day -> state(StateFormat.sealKey(day), null));
        add(batch.checkpoint());
        for (WorkStatus status : batch.statuses()) {
            records.add(new ProducerRecord<>(
                    settings.topic(TopicPlan.REQUESTS), WorkFormat.key(status), WorkFormat.encode(status)));
        }
    }

    private static List<Header> with(List<Header> headers, List<Header> trace) {
        if (trace.isEmpty()) {
            return headers;
        }
        List<Header> all = new ArrayList<>(headers);
        all.addAll(trace);
        return all;
    }

    void add(Segment segment) {
        segments.put(records.size(), segment.name());
        state(StateFormat.key(segment.name()), StateFormat.encode(segment));
    }

    void add(Seal seal) {
        state(StateFormat.key(seal), StateFormat.encode(seal));
    }

    void add(SplitCheckpoint checkpoint) {
        state(StateFormat.key(checkpoint), StateFormat.encode(checkpoint));
    }

    /** Forgets what has that key. */
    void drop(String key) {
        state(key.getBytes(StandardCharsets.UTF_8), null);
    }

    private void state(byte[] key, byte @Nullable [] value) {
        require(Message.sizeOf(key, value), key);
        records.add(new ProducerRecord<>(settings.checkpoints(), lane, key, value));
    }

    private void require(int size, byte[] key) {
        if (size > largest) {
            throw new SinkException(new SinkFailure.Refused(
                    Reason.RECORD_TOO_LARGE,
                    "a record of " + size + " bytes, more than max.request.size (" + largest + "): "
                            + new String(key, StandardCharsets.UTF_8)));
        }
    }
}
