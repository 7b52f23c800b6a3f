package io.usagestream.sink.kafka;

import io.usagestream.checkpoint.SegmentName;
import io.usagestream.envelope.StateFormat;
import io.usagestream.sink.LaneImage;
import io.usagestream.sink.LaneNumber;
import io.usagestream.sink.SinkException;
import io.usagestream.sink.SinkFailure;
import io.usagestream.stream.Reason;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fences, then restores: one blocking step in that order, and there is no other that does either.
 *
 * <p>{@code initTransactions} aborts what a predecessor left open and takes the transactional id from it: nothing that it sends
 * afterwards can be committed. Only then is the partition read, up to the high watermark taken after the fence. If the last
 * stable offset stays below that, somebody who is not a predecessor has a transaction open here: what is read is not the whole
 * truth, and the lane is not opened. A broker that forgot to write a transaction's markers looks the same (KAFKA-20734, Kafka
 * 4.3.1: a partition that has no leader for a moment is taken for deleted; with three replicas it always has one).
 */
final class LaneOpening {
    private static final Logger LOG = LoggerFactory.getLogger(LaneOpening.class);
    private static final long PAUSE_MILLIS = 20;

    private final KafkaSettings settings;
    private final Offsets offsets;
    private final PublishedSplits published;

    LaneOpening(KafkaSettings settings, Offsets offsets, PublishedSplits published) {
        this.settings = settings;
        this.offsets = offsets;
        this.published = published;
    }

    /** What a lane holds, and what it agreed on; empty when nothing was ever committed to it. */
    record Opened(LaneImage image, Optional<StateFormat.Lane> agreed, String clusterId) {}

    Opened open(int lane, Producer<byte[], byte[]> producer, Predicate<SegmentName> eager) throws InterruptedException {
        long began = System.nanoTime();
        producer.initTransactions();
        long fenced = System.nanoTime();
        requireLanes(producer.partitionsFor(settings.checkpoints()).size(), "partitions of " + settings.checkpoints());
        LaneReading reading = restore(lane, eager);
        String clusterId = offsets.clusterId();
        reading.lane().ifPresent(agreed -> verify(lane, agreed, clusterId));
        if (reading.lane().isEmpty() && reading.holdsState()) {
            throw lost("lane " + lane + " has state but not its first record: the beginning of "
                    + settings.checkpoints() + " was deleted");
        }
        Set<String> names = reading.lane().isPresent()
                ? published.visible()
                : published.complete(settings.limits().stable());
        LOG.atDebug()
                .addKeyValue("lane", lane)
                .addKeyValue("fence_ms", (fenced - began) / 1_000_000)
                .addKeyValue("restore_ms", (System.nanoTime() - fenced) / 1_000_000)
                .addKeyValue("records", reading.records())
                .log("lane opened");
        return new Opened(reading.image(ofLane(lane, names)), reading.lane(), clusterId);
    }

    private LaneReading restore(int lane, Predicate<SegmentName> eager) throws InterruptedException {
        List<TopicPartition> partition = List.of(new TopicPartition(settings.checkpoints(), lane));
        Map<TopicPartition, Long> ends = offsets.highWatermarks(partition);
        awaitStable(partition, ends);
        LaneReading reading = new LaneReading(eager);
        try (CommittedReader reader = new CommittedReader(settings, "lane-" + lane + "-restore")) {
            reader.fromBeginning(partition);
            reader.readTo(ends, settings.limits().restore(), reading::add);
        }
        return reading;
    }

    private void awaitStable(List<TopicPartition> partition, Map<TopicPartition, Long> ends)
            throws InterruptedException {
        long deadline = System.nanoTime() + settings.limits().stable().toNanos();
        TopicPartition only = partition.get(0);
        long end = ends.getOrDefault(only, 0L);
        for (long stable = stable(only); stable < end; stable = stable(only)) {
            if (System.nanoTime() - deadline > 0) {
                throw new TimeoutException("somebody else has a transaction open on " + only + " (last stable offset "
                        + stable + ", end " + end + "): `"
                        + Commands.of(settings.client()).findHanging(only) + "` finds it, its `abort` ends it");
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    private long stable(TopicPartition partition) {
        return offsets.lastStable(List.of(partition)).getOrDefault(partition, 0L);
    }

    private void verify(int lane, StateFormat.Lane agreed, String clusterId) {
        if (agreed.format() != StateFormat.VERSION) {
            throw new SinkException(new SinkFailure.Refused(
                    Reason.SETTINGS_CHANGED,
                    "lane " + lane + " is kept in format " + agreed.format() + ", this version knows "
                            + StateFormat.VERSION + ": run the version that wrote it, or a newer one"));
        }
        requireLanes(agreed.lanes(), "number of lanes kept in lane " + lane);
        if (!agreed.clusterId().equals(clusterId)) {
            throw lost("lane " + lane + " was kept for the Kafka cluster " + agreed.clusterId() + ", this is "
                    + clusterId);
        }
    }

    private void requireLanes(int found, String what) {
        if (found != settings.lanes()) {
            throw new SinkException(new SinkFailure.Refused(
                    Reason.LANES_CHANGED,
                    "topics.lanes is " + settings.lanes() + ", but the " + what + " is " + found
                            + ": the number of lanes cannot change once it is created"));
        }
    }

    private SinkException lost(String message) {
        return new SinkException(new SinkFailure.Refused(
                Reason.STATE_LOST, message + "; `usagestream recover` rebuilds the state from the data topics"));
    }

    private Set<String> ofLane(int lane, Set<String> splits) {
        return splits.stream()
                .filter(name -> LaneNumber.ofSplit(name, settings.lanes()) == lane)
                .collect(Collectors.toUnmodifiableSet());
    }
}
