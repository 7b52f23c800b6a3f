package io.usagestream.sink.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks where partitions end. Blocks: for workers only.
 *
 * <p>Clients read certificates once, when they are made: after a refused connection the client is to be {@linkplain #renew made
 * anew}, or a renewed certificate would never be seen.
 */
final class Offsets {
    private static final Logger LOG = LoggerFactory.getLogger(Offsets.class);
    private static final long BOUND_SECONDS = 30;

    private volatile Admin admin;

    Offsets(Admin admin) {
        this.admin = admin;
    }

    /** Asks through another client from now on. */
    void renew(Admin fresh) {
        Admin before = admin;
        admin = fresh;
        before.close(Duration.ZERO);
    }

    void close(Duration bound) {
        admin.close(bound);
    }

    /** The high watermarks: the ends with open transactions. */
    Map<TopicPartition, Long> highWatermarks(Collection<TopicPartition> partitions) {
        return ends(partitions, IsolationLevel.READ_UNCOMMITTED);
    }

    /** The last stable offsets: where the first open transaction begins, else the end. */
    Map<TopicPartition, Long> lastStable(Collection<TopicPartition> partitions) {
        return ends(partitions, IsolationLevel.READ_COMMITTED);
    }

    /** Where partitions begin. */
    Map<TopicPartition, Long> beginnings(Collection<TopicPartition> partitions) {
        Map<TopicPartition, Long> begins = new HashMap<>();
        await(admin.listOffsets(partitions.stream().collect(Collectors.toMap(p -> p, p -> OffsetSpec.earliest())))
                        .all())
                .forEach((partition, result) -> begins.put(partition, result.offset()));
        return begins;
    }

    /** All partitions of a topic. */
    List<TopicPartition> partitions(String topic) {
        return await(admin.describeTopics(List.of(topic)).allTopicNames()).values().stream()
                .flatMap(description -> description.partitions().stream())
                .map(p -> new TopicPartition(topic, p.partition()))
                .toList();
    }

    /** How many partitions topics have; without those that are not there or may not be described. */
    Map<String, Integer> counts(Collection<String> topics) {
        Map<String, Integer> counts = new HashMap<>();
        admin.describeTopics(topics).topicNameValues().forEach((topic, answer) -> {
            try {
                counts.put(topic, await(answer).partitions().size());
            } catch (TopicAuthorizationException | UnknownTopicOrPartitionException e) {
                LOG.atDebug().addKeyValue("topic", topic).log("partitions are not known");
            }
        });
        return counts;
    }

    String clusterId() {
        return await(admin.describeCluster().clusterId());
    }

    private Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions, IsolationLevel isolation) {
        Map<TopicPartition, Long> ends = new HashMap<>();
        await(admin.listOffsets(
                                partitions.stream().collect(Collectors.toMap(p -> p, p -> OffsetSpec.latest())),
                                new ListOffsetsOptions(isolation))
                        .all())
                .forEach((partition, result) -> ends.put(partition, result.offset()));
        return ends;
    }

    private static <T> T await(KafkaFuture<T> future) {
        try {
            return future.get(BOUND_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw cause instanceof RuntimeException known ? known : new IllegalStateException(cause);
        } catch (TimeoutException e) {
            throw new org.apache.kafka.common.errors.TimeoutException("no answer within " + BOUND_SECONDS + " s", e);
        } catch (InterruptedException e) {
            throw new org.apache.kafka.common.errors.InterruptException(e);
        }
    }
}
