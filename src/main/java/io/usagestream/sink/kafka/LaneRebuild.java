package io.usagestream.sink.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.usagestream.checkpoint.Seal;
import io.usagestream.checkpoint.Segment;
import io.usagestream.checkpoint.SplitCheckpoint;
import io.usagestream.envelope.StateFormat;
import io.usagestream.sink.SinkException;
import io.usagestream.sink.SinkFailure;
import io.usagestream.stream.Reason;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Writes the state of a lane anew. It owns the lane as a running instance would: it fences every predecessor first.
 *
 * <p>Segments may take many transactions; none of them counts before the last, which writes the checkpoints: a rebuild that is
 * interrupted leaves splits that are refused as before. Blocks.
 */
public final class LaneRebuild implements AutoCloseable {
    private final KafkaSettings settings;
    private final LaneProducer producer;
    private final String clusterId;
    private final Set<String> keys = new LinkedHashSet<>();
    private Optional<StateFormat.Lane> agreed = Optional.empty();

    private LaneRebuild(KafkaSettings settings, LaneProducer producer, String clusterId) {
        this.settings = settings;
        this.producer = producer;
        this.clusterId = clusterId;
    }

    /**
     * Fences the lane and looks what is left of its state.
     *
     * @throws SinkException when it cannot be rebuilt with these settings
     */
    public static LaneRebuild open(Vertx vertx, KafkaSettings settings, int lane) {
        LaneProducer producer = new LaneProducer(vertx, settings, lane);
        try (Admin admin = Admin.create(ClientProperties.admin(settings))) {
            Offsets offsets = new Offsets(admin);
            producer.client().initTransactions();
            LaneRebuild rebuild = new LaneRebuild(settings, producer, offsets.clusterId());
            List<TopicPartition> partition = List.of(new TopicPartition(settings.checkpoints(), lane));
            try (CommittedReader reader = new CommittedReader(settings, "lane-" + lane + "-rebuild")) {
                reader.fromBeginning(partition);
                Map<TopicPartition, Long> ends = new CommittedEnds(settings, offsets)
                        .of(settings.checkpoints(), partition, settings.limits().stable());
                reader.readTo(ends, settings.limits().restore(), rebuild::take);
            }
            rebuild.requireLanes();
            return rebuild;
        } catch (RuntimeException e) {
            producer.close(Duration.ZERO);
            throw e;
        } catch (InterruptedException e) {
            producer.close(Duration.ZERO);
            throw new InterruptException(e);
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        String key = new String(record.key(), UTF_8);
        if (record.value() == null) {
            keys.remove(key);
        } else {
            keys.add(key);
        }
        if (StateFormat.kind(key) == StateFormat.Kind.LANE) {
            agreed = Optional.ofNullable(record.value()).map(StateFormat::lane);
        }
    }

    private void requireLanes() {
        agreed.filter(lane -> lane.lanes() != settings.lanes()).ifPresent(lane -> {
            throw new SinkException(new SinkFailure.Refused(
                    Reason.LANES_CHANGED,
                    "topics.lanes is " + settings.lanes() + ", but the state was kept in " + lane.lanes() + " lanes"));
        });
    }

    /**
     * Those of some splits whose state is gone.
     *
     * @param published names of the splits of this lane that were read before
     */
    public Set<String> lost(Collection<String> published) {
        boolean whole = agreed.filter(
                        lane -> lane.clusterId().equals(clusterId) && lane.format() == StateFormat.VERSION)
                .isPresent();
        return published.stream()
                .filter(name -> !whole || !keys.contains(name))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** A number above those of all segments that the lane still holds. */
    public long nextSegment() {
        return keys.stream()
                        .filter(key -> StateFormat.kind(key) == StateFormat.Kind.SEGMENT)
                        .mapToLong(key -> Long.parseLong(key.substring(key.lastIndexOf('|') + 1)))
                        .max()
                        .orElse(0)
                + 1;
    }

    /** Writes segments in one transaction. */
    public void write(List<Segment> segments) {
        LaneTransaction transaction = new LaneTransaction(settings, producer.lane(), producer.largest());
        segments.forEach(transaction::add);
        producer.commit(transaction);
    }

    /** Makes what was written count: checkpoints and seals, the lane's own record, and nothing more of what those splits had before. */
    public void finish(List<SplitCheckpoint> checkpoints, List<Seal> seals) {
        LaneTransaction transaction = new LaneTransaction(settings, producer.lane(), producer.largest());
        transaction.add(new StateFormat.Lane(StateFormat.VERSION, settings.lanes(), clusterId, Map.of()));
        Set<String> rebuilt = checkpoints.stream()
                .map(checkpoint -> checkpoint.split().name())
                .collect(Collectors.toSet());
        Set<String> kept = new HashSet<>();
        seals.forEach(seal -> kept.add(new String(StateFormat.key(seal), UTF_8)));
        for (String key : new ArrayList<>(keys)) {
            int bar = key.indexOf('|');
            if (bar > 0 && rebuilt.contains(key.substring(0, bar)) && !kept.contains(key)) {
                transaction.drop(key);
            }
        }
        seals.forEach(transaction::add);
        checkpoints.forEach(transaction::add);
        producer.commit(transaction);
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(2));
    }
}
