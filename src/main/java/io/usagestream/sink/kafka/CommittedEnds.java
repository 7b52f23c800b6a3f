package io.usagestream.sink.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * The ends up to which a topic is to be read by whoever must not miss what was committed before. A commit is acknowledged before its
 * records can be read: the brokers mark them afterwards, and a transaction of another lane that began earlier in the same partition
 * hides them until it ends. Blocks: for workers only.
 */
final class CommittedEnds {
    private static final long PAUSE_MILLIS = 20;

    private final KafkaSettings settings;
    private final Offsets offsets;

    CommittedEnds(KafkaSettings settings, Offsets offsets) {
        this.settings = settings;
        this.offsets = offsets;
    }

    /**
     * Where partitions of a topic end, once nothing before is open any more.
     *
     * @throws TimeoutException when a transaction stays open for longer than the bound
     */
    Map<TopicPartition, Long> of(String topic, Collection<TopicPartition> partitions, Duration bound)
            throws InterruptedException {
        Map<TopicPartition, Long> ends = offsets.highWatermarks(partitions);
        long deadline = System.nanoTime() + bound.toNanos();
        while (behind(offsets.lastStable(partitions), ends)) {
            if (System.nanoTime() - deadline > 0) {
                throw new TimeoutException("an open transaction hides the end of " + topic
                        + "; if it does not end by itself, `"
                        + Commands.of(settings.client()).findHanging(topic) + "` finds it, its `abort` ends it");
            }
            Thread.sleep(PAUSE_MILLIS);
        }
        return ends;
    }

    /** Whether some end has not been reached. */
    static boolean behind(Map<TopicPartition, Long> positions, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().anyMatch(end -> positions.getOrDefault(end.getKey(), 0L) < end.getValue());
    }
}
