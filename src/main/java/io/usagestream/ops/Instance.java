package io.usagestream.ops;

import io.usagestream.sink.LaneNumber;
import java.time.Instant;
import java.util.List;

/**
 * What this process is, as its pages name it: nothing of the configuration but names.
 *
 * @param name the stable name of this instance
 * @param topicPrefix the first word of the topics' names
 * @param lanes partitions of the checkpoints topic
 * @param sources the configured ones, in their order
 */
public record Instance(
        String name, String version, Instant startedAt, String topicPrefix, int lanes, List<ConfiguredSource> sources) {
    /**
     * One configured source.
     *
     * @param provider what kind of upstream it is
     * @param streams the enabled ones, in their order
     */
    public record ConfiguredSource(String name, String provider, List<String> streams) {}

    /** The sources that belong to a lane. */
    public List<ConfiguredSource> sourcesOf(int lane) {
        return sources.stream()
                .filter(s -> LaneNumber.of(s.name(), lanes) == lane)
                .toList();
    }
}
