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
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * The records of one transaction. State is in bytes, and of a size that the log takes, before anything is sent. Publications, whose
 * rows were seen to fit when they were admitted, are encoded one by one on their way out: the bytes of a whole transaction would
 * outlive several collections.
 */
final class LaneTransaction {
    /** A batch's publications, with the headers that say what they belong to. */
    private record Usage(List<Publication> publications, Envelope envelope, List<Header> trace) {}

    private final KafkaSettings settings;
    private final int lane;
    private final int largest;
    private final Map<RecordType, String> topics = new EnumMap<>(RecordType.class);
    private final List<Usage> usage = new ArrayList<>();
    private final List<ProducerRecord<byte[], byte[]>> state = new ArrayList<>();
    private final Map<Integer, SegmentName> segments = new HashMap<>();

    LaneTransaction(KafkaSettings settings, int lane, int largest) {
        this.settings = settings;
        this.lane = lane;
        this.largest = largest;
    }

    /** Hands out the records of usage, in the order in which they are to be sent. */
    void usage(Consumer<ProducerRecord<byte[], byte[]>> to) {
        for (Usage batch : usage) {
            for (Publication publication : batch.publications) {
                to.accept(record(batch.envelope.encode(publication).with(batch.trace)));
            }
        }
    }

    /** The records of state, which follow them. */
    List<ProducerRecord<byte[], byte[]>> state() {
        return state;
    }

    /** The topics that its records of usage went to. */
    Collection<String> topics() {
        return topics.values();
    }

    /** Which records of state are segments, by their index. */
    Map<Integer, SegmentName> segments() {
        return segments;
    }

    void add(StateFormat.Lane agreement) {
        state(StateFormat.LANE_KEY.getBytes(StandardCharsets.UTF_8), StateFormat.encode(agreement));
    }

    void add(Batch batch, Envelope envelope, TraceHeaders traces) {
        usage.add(new Usage(batch.publications(), envelope, traces.of(batch.split())));
        batch.segments().forEach(this::add);
        batch.seals().forEach(this::add);
        batch.dropped().forEach(segment -> state(StateFormat.key(segment), null));
        batch.droppedSeals().forEach(day -> state(StateFormat.sealKey(batch.split(), day), null));
        add(batch.checkpoint());
        for (WorkStatus status : batch.statuses()) {
            state.add(new ProducerRecord<>(
                    settings.topic(TopicPlan.REQUESTS),
                    WorkOrders.PARTITION,
                    WorkFormat.key(status),
                    WorkFormat.encode(status)));
        }
    }

    private ProducerRecord<byte[], byte[]> record(Message message) {
        require(message.size(), message.key());
        String topic = topics.get(message.type());
        if (topic == null) {
            topic = message.type().topic(settings.prefix());
            topics.put(message.type(), topic);
        }
        return new ProducerRecord<>(topic, null, null, message.key(), message.value(), message.headers());
    }

    void add(Segment segment) {
        segments.put(state.size(), segment.name());
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
        state.add(new ProducerRecord<>(settings.checkpoints(), lane, key, value));
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
