package io.usagestream.sink.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.usagestream.checkpoint.Seal;
import io.usagestream.checkpoint.Seals;
import io.usagestream.checkpoint.Segment;
import io.usagestream.checkpoint.SegmentName;
import io.usagestream.checkpoint.SegmentPlaces;
import io.usagestream.checkpoint.SplitCheckpoint;
import io.usagestream.envelope.StateFormat;
import io.usagestream.sink.LaneImage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What the records of a checkpoints partition add up to: the last one of a key holds, none after a tombstone. */
final class LaneReading {
    private final Predicate<SegmentName> eager;
    private final Map<String, SplitCheckpoint> checkpoints = new HashMap<>();
    private final Map<String, byte[]> whole = new HashMap<>();
    private final Map<String, SegmentPlaces> places = new HashMap<>();
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
            case SEGMENT -> segment(key, Optional.ofNullable(value), record.offset());
        }
    }

    /** What the lane agreed on, if anything was ever committed to it. */
    Optional<StateFormat.Lane> lane() {
        return lane;
    }

    boolean holdsState() {
        return !checkpoints.isEmpty()
                || places.values().stream().anyMatch(of -> !of.isEmpty())
                || seals.values().stream().anyMatch(of -> !of.isEmpty());
    }

    long records() {
        return records;
    }

    LaneImage image(Set<String> published) {
        List<Segment> eagerly =
                whole.values().stream().map(StateFormat::segment).toList();
        return new LaneImage(Map.copyOf(checkpoints), eagerly, Map.copyOf(places), Map.copyOf(seals), published, bytes);
    }

    private void seal(String key, Optional<Seal> seal) {
        String split = StateFormat.splitName(key);
        seal.ifPresentOrElse(
                said -> seals.computeIfAbsent(split, s -> new Seals(said.split()))
                        .put(said),
                () -> Optional.ofNullable(seals.get(split)).ifPresent(kept -> kept.drop(StateFormat.day(key))));
    }

    private void segment(String key, Optional<byte[]> value, long offset) {
        String split = StateFormat.splitName(key);
        whole.remove(key);
        value.ifPresentOrElse(
                bytes -> {
                    SegmentName name = StateFormat.segmentName(key, bytes);
                    places.computeIfAbsent(split, s -> new SegmentPlaces(name.split()))
                            .restored(name, offset);
                    if (eager.test(name)) {
                        whole.put(key, bytes);
                    }
                },
                () -> Optional.ofNullable(places.get(split))
                        .ifPresent(kept -> kept.drop(StateFormat.day(key), StateFormat.number(key))));
    }

    private static <T> void put(Map<String, T> map, String key, Optional<T> value) {
        value.ifPresentOrElse(v -> map.put(key, v), () -> map.remove(key));
    }
}
