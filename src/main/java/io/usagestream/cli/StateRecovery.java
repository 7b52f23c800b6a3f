package io.usagestream.cli;

import io.usagestream.checkpoint.Seal;
import io.usagestream.checkpoint.Segment;
import io.usagestream.checkpoint.SplitCheckpoint;
import io.usagestream.config.Settings;
import io.usagestream.envelope.RecordType;
import io.usagestream.ingest.RecoveredSplit;
import io.usagestream.query.CommittedTopics;
import io.usagestream.query.DecodedTopics;
import io.usagestream.query.RegistrySchemas;
import io.usagestream.sink.LaneNumber;
import io.usagestream.sink.kafka.KafkaSettings;
import io.usagestream.sink.kafka.LaneRebuild;
import io.usagestream.sink.kafka.Topics;
import io.usagestream.sink.kafka.WholeTopics;
import io.usagestream.source.StreamSettings;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Publication.Progress;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Finds out which splits lost their state, reads the data topics once, and writes the state of those anew. */
final class StateRecovery {
    /** Segments of one transaction at most: some four megabytes. */
    private static final int SEGMENTS = 16;

    private static final List<RecordType> SOURCES =
            List.of(RecordType.PERIOD, RecordType.QUARANTINE, RecordType.ENTITY, RecordType.ACTIVITY, RecordType.POINT);

    private final Vertx vertx;
    private final Settings settings;
    private final KafkaSettings kafka;
    private final PrintWriter err;
    private final Map<Integer, LaneRebuild> lanes = new TreeMap<>();
    private final Map<String, RecoveredSplit> splits = new LinkedHashMap<>();
    private final Map<Integer, List<Segment>> waiting = new HashMap<>();

    StateRecovery(Vertx vertx, Settings settings, PrintWriter err) {
        this.vertx = vertx;
        this.settings = settings;
        this.kafka = KafkaParts.kafka(settings);
        this.err = err;
    }

    int run() {
        try (WholeTopics whole = KafkaParts.whole(settings);
                CommittedTopics topics = KafkaParts.committed(settings, whole);
                RegistrySchemas schemas = KafkaParts.schemas(settings)) {
            DecodedTopics decoded = new DecodedTopics(topics, schemas);
            // first, so that nobody publishes any more what is then read
            for (int lane = 0; lane < kafka.lanes(); lane++) {
                lanes.put(lane, LaneRebuild.open(vertx, kafka, lane));
            }
            Map<String, Progress> published = new TreeMap<>();
            decoded.read(
                    RecordType.PROGRESS, record -> true, (split, said) -> published.put(split.name(), (Progress) said));
            Set<String> unknown = lost(published);
            if (splits.isEmpty() && unknown.isEmpty()) {
                err.println("Nothing is missing: every stream that was read before has its state.");
                err.flush();
                return ExitStatus.OK;
            }
            for (RecordType type : SOURCES) {
                decoded.read(type, record -> true, (split, said) -> take(split.name(), said));
            }
            splits.values().forEach(RecoveredSplit::finish);
            contradictions();
            lanes.forEach(this::finish);
            unknown.forEach(name -> err.println("left out, because the configuration does not name it: " + name
                    + "; it stays refused until it is recovered with a configuration that does"));
            err.println("Recovered the state of " + splits.size() + " streams.");
            err.flush();
            return ExitStatus.OK;
        } finally {
            lanes.values().forEach(LaneRebuild::close);
        }
    }

    /** Finds the splits that lost their state; says which of them are not configured. */
    private Set<String> lost(Map<String, Progress> published) {
        Map<String, StreamSettings> configured = new HashMap<>();
        settings.sources().stream()
                .flatMap(source -> source.streams().stream())
                .forEach(stream -> configured.put(stream.split().name(), stream));
        Set<String> unknown = new TreeSet<>();
        Instant now = Instant.now();
        lanes.forEach((lane, rebuild) -> {
            List<String> here = published.keySet().stream()
                    .filter(name -> LaneNumber.ofSplit(name, kafka.lanes()) == lane)
                    .toList();
            for (String name : rebuild.lost(here)) {
                StreamSettings stream = configured.get(name);
                Progress progress = published.get(name);
                if (stream == null || progress == null) {
                    unknown.add(name);
                } else {
                    splits.put(
                            name,
                            new RecoveredSplit(
                                    stream,
                                    progress,
                                    retention(stream),
                                    now,
                                    rebuild.nextSegment(),
                                    segment -> write(lane, segment)));
                }
            }
        });
        return unknown;
    }

    /** How long the topic keeps a stream's rows, when it does not keep them for ever: what it no longer has would be published again. */
    private Optional<Duration> retention(StreamSettings stream) {
        return switch (stream.type().shape()) {
            case BUCKETS, SERIES -> settings.topics().pointsRetention();
            case LOG -> Optional.of(Topics.ACTIVITY_RETENTION);
            case ENTITIES -> Optional.empty();
        };
    }

    private void take(String split, Publication said) {
        Optional.ofNullable(splits.get(split)).ifPresent(recovered -> recovered.add(said));
    }

    private void write(int lane, Segment segment) {
        List<Segment> segments = waiting.computeIfAbsent(lane, l -> new ArrayList<>());
        segments.add(segment);
        if (segments.size() >= SEGMENTS) {
            Optional.ofNullable(lanes.get(lane)).orElseThrow().write(segments);
            segments.clear();
        }
    }

    private void contradictions() {
        List<String> found = splits.values().stream()
                .flatMap(split -> split.contradiction().stream())
                .toList();
        if (!found.isEmpty()) {
            throw new CommandException(ExitStatus.CONFIGURATION, String.join("\n  ", found));
        }
    }

    private void finish(int lane, LaneRebuild rebuild) {
        List<SplitCheckpoint> checkpoints = new ArrayList<>();
        List<Seal> seals = new ArrayList<>();
        splits.forEach((name, split) -> {
            if (LaneNumber.ofSplit(name, kafka.lanes()) == lane) {
                checkpoints.add(split.checkpoint());
                seals.addAll(split.seals());
                err.println("  " + name + ": " + split.rows() + " rows from " + split.floorDay() + " on, "
                        + split.seals().size() + " periods"
                        + (split.forgotten() ? "; of the day before the topic no longer has all rows" : ""));
            }
        });
        if (!checkpoints.isEmpty()) {
            List<Segment> rest = waiting.getOrDefault(lane, List.of());
            if (!rest.isEmpty()) {
                rebuild.write(rest);
            }
            rebuild.finish(checkpoints, seals);
        }
    }
}
