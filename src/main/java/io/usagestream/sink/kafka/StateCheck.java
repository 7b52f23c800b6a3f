package io.usagestream.sink.kafka;

import io.usagestream.envelope.RecordType;
import io.usagestream.sink.LaneNumber;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;

/**
 * Whether the state is there that progress says there was: a checkpoints topic that was deleted or emptied must never look like a
 * first start, because everything would be published again.
 */
final class StateCheck {
    static final String REMEDY =
            "usagestream recover, with no instance running, rebuilds the state from the data topics";

    private final KafkaSettings settings;
    private final Offsets offsets;

    StateCheck(KafkaSettings settings, Admin admin) {
        this.settings = settings;
        this.offsets = new Offsets(admin);
    }

    /**
     * Looks at the topics that exist.
     *
     * @param existing their names
     */
    Optional<TopicProblem> check(Set<String> existing) {
        if (!existing.contains(RecordType.PROGRESS.topic(settings.prefix()))) {
            return Optional.empty();
        }
        Set<String> published = new PublishedSplits(settings, offsets).visible();
        if (published.isEmpty()) {
            return Optional.empty();
        }
        if (!existing.contains(settings.checkpoints())) {
            return Optional.of(lost(settings.checkpoints() + " is gone", published));
        }
        // the ends after the names: what is visible in progress was committed together with its state
        Set<Integer> empty = emptyLanes();
        Set<String> without = published.stream()
                .filter(name -> empty.contains(LaneNumber.ofSplit(name, settings.lanes())))
                .collect(Collectors.toCollection(TreeSet::new));
        return without.isEmpty()
                ? Optional.empty()
                : Optional.of(lost(settings.checkpoints() + " is empty where their state was", without));
    }

    private Set<Integer> emptyLanes() {
        List<TopicPartition> partitions = offsets.partitions(settings.checkpoints());
        Map<TopicPartition, Long> begins = offsets.beginnings(partitions);
        return offsets.highWatermarks(partitions).entrySet().stream()
                .filter(end -> end.getValue().equals(begins.get(end.getKey())))
                .map(end -> end.getKey().partition())
                .collect(Collectors.toSet());
    }

    private static TopicProblem lost(String what, Set<String> splits) {
        String some = splits.stream().sorted().limit(3).collect(Collectors.joining(", "));
        String names = splits.size() > 3 ? some + " and " + (splits.size() - 3) + " more" : some;
        return TopicProblem.refused(what + ", although " + names + " were read before", REMEDY);
    }
}
