package io.usagestream.sink.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.usagestream.checkpoint.Seal;
import io.usagestream.checkpoint.Seals;
import io.usagestream.checkpoint.Segment;
import io.usagestream.checkpoint.SegmentName;
import io.usagestream.checkpoint.SplitCheckpoint;
import io.usagestream.envelope.StateFormat;
import io.usagestream.sink.LaneImage;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What the records of a checkpoints partition add up to: the last one of a key holds, none after a tombstone. */
final class LaneReading {
    /** Where a segment lies, and its bytes when it was asked for whole. */
    private record Located(SegmentName name, long offset, Optional<byte[]> value) {}

    private final Predicate<SegmentName> eager;
    private final Map<String, SplitCheckpoint> checkpoints = new HashMap<>();
    private final Map<String, Located> segments = new HashMap<>();
    private final Map<String, Seals> seals = new HashMap<>();
    private Optional<StateFormat.Lane> lane = Optional.empty();
    private long bytes;
    private long records;

    LaneReading(Predicate<SegmentName> eager) {
        this.eager = eager;
    }

    void add(ConsumerRecord<byte[], byte[]> record) {
        String key = new String(record.key(), UTF_8);
        byte[] value = record.value();
        records++;
        bytes += record.key().length + (value == null ? 0 : value.length);
        switch (StateFormat.kind(key)) {
            case LANE -> lane = Optional.ofNullable(value).map(StateFormat::lane);
            case CHECKPOINT -> put(checkpoints, key, Optional.ofNullable(value).map(StateFormat::checkpoint));
            case SEAL -> seal(key, Optional.ofNullable(value).map(StateFormat::seal));
            case SEGMENT -> put(segments, key, Optional.ofNullable(value).map(v -> located(key, v, record.offset())));
        }
    }

    /** What the lane agreed on, if anything was ever committed to it. */
    Optional<StateFormat.Lane> lane() {
        return lane;
    }

    boolean holdsState() {
        return !checkpoints.isEmpty()
                || !segments.isEmpty()
                || seals.values().stream().anyMatch(of -> !of.isEmpty());
    }

    long records() {
        return records;
    }

    LaneImage image(Set<String> published) {
        List<Segment> whole = new ArrayList<>();
        Map<SegmentName, Long> places = new HashMap<>();
        for (Located located : segments.values()) {
            places.put(located.name(), located.offset());
            located.value().map(StateFormat::segment).ifPresent(whole::add);
        }
        return new LaneImage(Map.copyOf(checkpoints), whole, places, Map.copyOf(seals), published, bytes);
    }

    private void seal(String key, Optional<Seal> seal) {
        Map.Entry<String, LocalDate> of = StateFormat.sealed(key);
        seal.ifPresentOrElse(
                said -> seals.computeIfAbsent(of.getKey(), split -> new Seals(said.split()))
                        .put(said),
                () -> Optional.ofNullable(seals.get(of.getKey())).ifPresent(kept -> kept.drop(of.getValue())));
    }

    private Located located(String key, byte[] value, long offset) {
        SegmentName name = StateFormat.segmentName(key, value);
        return new Located(name, offset, eager.test(name) ? Optional.of(value) : Optional.empty());
    }

    private static <T> void put(Map<String, T> map, String key, Optional<T> value) {
        value.ifPresentOrElse(v -> map.put(key, v), () -> map.remove(key));
    }
}
