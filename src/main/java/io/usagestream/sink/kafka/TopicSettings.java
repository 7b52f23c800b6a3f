package io.usagestream.sink.kafka;

import java.time.Duration;
import java.util.Optional;

/**
 * How topics are created and verified.
 *
 * @param create whether missing ones are created
 * @param partitions of the data topics; -1: the cluster's default
 * @param replicationFactor -1: the cluster's default
 * @param minInsyncReplicas -1: the cluster's default
 * @param pointsRetention empty: points are kept for ever
 * @param refuseOldTransactions whether brokers without transaction.version 2 are refused, not only warned about
 */
public record TopicSettings(
        boolean create,
        int partitions,
        int replicationFactor,
        int minInsyncReplicas,
        Optional<Duration> pointsRetention,
        boolean refuseOldTransactions) {}
