package io.usagestream.sink.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Where topics end for a command that must not miss what was committed before it began. Who reads committed records alone stops
 * silently in front of an open transaction, such as a killed instance leaves behind until the brokers abort it. Blocks.
 */
public final class WholeTopics implements AutoCloseable {
    private final Offsets offsets;
    private final CommittedEnds ends;
    private final Duration bound;

    /** @param bound how long an open transaction is waited for */
    public WholeTopics(KafkaSettings settings, Duration bound) {
        this.offsets = new Offsets(Admin.create(ClientProperties.admin(settings)));
        this.ends = new CommittedEnds(settings, offsets);
        this.bound = bound;
    }

    /**
     * Where partitions of a topic end, once nothing before is open any more.
     *
     * @throws org.apache.kafka.common.errors.TimeoutException when a transaction stays open for longer than the bound
     */
    public Map<TopicPartition, Long> ends(String topic, Collection<TopicPartition> partitions) {
        try {
            return ends.of(topic, partitions, bound);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    @Override
    public void close() {
        offsets.close(Duration.ofSeconds(1));
    }
}
