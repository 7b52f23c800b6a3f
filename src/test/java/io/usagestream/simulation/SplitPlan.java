package io.usagestream.simulation;

import io.usagestream.source.StreamSettings;
import io.usagestream.source.StreamType.Shape;
import io.usagestream.stream.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One split of a run: how it is to be read, and what upstream will show of it. */
record SplitPlan(StreamSettings settings, Optional<BucketTruth> buckets, Optional<LogTruth> log) {
    boolean hasPeriods() {
        return settings.type().shape() != Shape.ENTITIES;
    }

    /** Stretches between two watermarks of which each must have been read late enough. */
    List<Window> probes(Instant from, Instant to) {
        List<Window> probes = new ArrayList<>();
        if (!from.isBefore(to)) {
            return probes;
        }
        if (buckets.isPresent()) {
            Duration width = buckets.get().shape.grain().width();
            for (Instant start = from; start.isBefore(to); start = start.plus(width)) {
                probes.add(new Window(start, start.plus(width)));
            }
        } else if (log.isPresent()) {
            probes.add(new Window(from, from.plusSeconds(1)));
            probes.add(new Window(to.minusSeconds(1), to));
            log.get().events.stream()
                    .map(r -> r.event().time())
                    .filter(t -> !t.isBefore(from) && t.isBefore(to))
                    .forEach(t -> probes.add(new Window(t, t.plusMillis(1))));
        }
        return probes;
    }
}
