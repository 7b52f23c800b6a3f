package io.usagestream.source.scenario;

import io.usagestream.source.StreamType;
import io.usagestream.source.StreamType.Shape;
import io.usagestream.stream.Grain;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The streams of Scenario: all of one path, told apart by {@code type}. */
final class Catalogue {
    static final String PATH = "/usages";
    static final String ACTIVITY = "activity";
    static final String ENTITIES = "entities";

    private static final Duration LOOKBACK = Duration.ofHours(48);

    private Catalogue() {}

    static List<StreamType> streams() {
        List<StreamType> streams = new ArrayList<>();
        streams.add(stream(ACTIVITY, Shape.LOG, List.of(), true));
        for (Section section : Section.values()) {
            streams.add(stream(section.stream(), Shape.SERIES, List.of(section.dimension()), true));
        }
        streams.add(stream(ENTITIES, Shape.ENTITIES, List.of(), false));
        return List.copyOf(streams);
    }

    private static StreamType stream(String name, Shape shape, List<String> dimensions, boolean byDefault) {
        return new StreamType(name, shape, PATH, dimensions, Set.of(), Map.of(), Grain.DAY, LOOKBACK, byDefault);
    }
}
