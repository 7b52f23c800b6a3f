package io.usagestream.sink.kafka;

import io.usagestream.envelope.RecordType;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A topic as it should be.
 *
 * @param suffix last word of its name
 * @param partitions -1: the cluster's default
 * @param policies what is set at creation
 */
record TopicPlan(String suffix, int partitions, Map<String, String> policies) {
    static final String CHECKPOINTS = "checkpoints";
    static final String REQUESTS = "requests";
    static final String CLEANUP = "cleanup.policy";
    static final String COMPACTION_LAG = "min.compaction.lag.ms";
    static final String RETENTION = "retention.ms";
    static final String RETENTION_BYTES = "retention.bytes";
    static final String TIMESTAMP_TYPE = "message.timestamp.type";

    private static final long DAY_MILLIS = 86_400_000L;

    /** All topics of a prefix, as the contract with their readers says. */
    static List<TopicPlan> all(int lanes, TopicSettings settings) {
        int data = settings.partitions();
        Map<String, String> points = new TreeMap<>(compact());
        points.put(COMPACTION_LAG, Long.toString(35 * DAY_MILLIS));
        settings.pointsRetention().ifPresent(retention -> {
            points.put(CLEANUP, "compact,delete");
            points.put(RETENTION, Long.toString(retention.toMillis()));
            points.put(RETENTION_BYTES, "-1");
        });
        Map<String, String> checkpoints = new TreeMap<>(compact());
        checkpoints.put("segment.ms", "600000");
        checkpoints.put("segment.bytes", Integer.toString(64 << 20));
        checkpoints.put("min.cleanable.dirty.ratio", "0.1");
        checkpoints.put("max.compaction.lag.ms", "3600000");
        return List.of(
                new TopicPlan(RecordType.ACTIVITY.suffix(), data, delete((int) Topics.ACTIVITY_RETENTION.toDays())),
                new TopicPlan(RecordType.POINT.suffix(), data, points),
                new TopicPlan(RecordType.ENTITY.suffix(), data, compact()),
                new TopicPlan(RecordType.PROGRESS.suffix(), data, compact()),
                new TopicPlan(RecordType.PERIOD.suffix(), data, compact()),
                new TopicPlan(RecordType.QUARANTINE.suffix(), data, delete(30)),
                new TopicPlan(REQUESTS, 1, compact()),
                new TopicPlan(CHECKPOINTS, lanes, checkpoints));
    }

    private static Map<String, String> compact() {
        return Map.of(CLEANUP, "compact", TIMESTAMP_TYPE, "CreateTime");
    }

    private static Map<String, String> delete(int days) {
        return Map.of(
                CLEANUP,
                "delete",
                RETENTION,
                Long.toString(days * DAY_MILLIS),
                RETENTION_BYTES, // a cluster's default may delete long before
                "-1",
                TIMESTAMP_TYPE,
                "CreateTime");
    }
}
