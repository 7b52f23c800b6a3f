package io.usagestream.sink.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.usagestream.envelope.RecordType;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Names of the splits that have a record in the progress topic. All lanes of the instance share it: each call reads on from
 * where the last one ended. Blocks: for workers only.
 */
final class PublishedSplits {
    private static final Duration READING = Duration.ofMinutes(2);

    private final KafkaSettings settings;
    private final Offsets offsets;
    private final CommittedEnds ends;
    private final Set<String> names = new HashSet<>();
    private final Map<TopicPartition, Long> next = new HashMap<>();

    PublishedSplits(KafkaSettings settings, Offsets offsets) {
        this.settings = settings;
        this.offsets = offsets;
        this.ends = new CommittedEnds(settings, offsets);
    }

    /** What can be seen now: records behind another lane's open transaction are not. */
    synchronized Set<String> visible() {
        List<TopicPartition> partitions = partitions();
        return read(partitions, offsets.lastStable(partitions));
    }

    /**
     * Everything that was committed before the call.
     *
     * @throws TimeoutException when an open transaction hides records for longer than the bound
     */
    synchronized Set<String> complete(Duration bound) throws InterruptedException {
        List<TopicPartition> partitions = partitions();
        return read(partitions, ends.of(progress(), partitions, bound));
    }

    private Set<String> read(List<TopicPartition> partitions, Map<TopicPartition, Long> ends) {
        if (CommittedEnds.behind(next, ends)) {
            try (CommittedReader reader = new CommittedReader(settings, "progress")) {
                reader.fromBeginning(partitions);
                next.forEach(reader.consumer()::seek);
                reader.readTo(ends, READING, record -> names.add(new String(record.key(), UTF_8)));
                partitions.forEach(p -> next.put(p, reader.consumer().position(p)));
            }
        }
        return Set.copyOf(names);
    }

    private List<TopicPartition> partitions() {
        return offsets.partitions(progress());
    }

    private String progress() {
        return RecordType.PROGRESS.topic(settings.prefix());
    }
}
