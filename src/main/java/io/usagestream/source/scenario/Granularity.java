package io.usagestream.source.scenario;

import io.usagestream.stream.Grain;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The width of an answer's buckets: what {@code usages} says, else the spacing of the points, else nothing can be said. */
final class Granularity {
    private Granularity() {}

    static Grain of(Set<String> said, List<SeriesPoint> points, Window window) {
        if (said.size() > 1) {
            throw AnswerSections.malformed(Reason.GRANULARITY_CHANGED, "the answer says more than one granularity");
        }
        Grain grain = said.isEmpty() ? spacing(points) : known(said.iterator().next());
        boolean whole = grain.aligned(window.from()) && grain.aligned(window.to());
        if (!whole) {
            throw AnswerSections.malformed(
                    Reason.GRANULARITY_CHANGED, "a granularity of " + grain + " does not divide the window asked for");
        }
        return grain;
    }

    /** The only one that is certain to divide the window: the window itself. */
    static Grain longest(Window window) {
        return Grain.of(window.length())
                .orElseThrow(() -> AnswerSections.malformed(
                        Reason.GRANULARITY_CHANGED, "the answer says no granularity, and its window is none"));
    }

    private static Grain known(String said) {
        return Grain.of(said)
                .orElseThrow(
                        () -> AnswerSections.malformed(Reason.GRANULARITY_CHANGED, "a granularity that is not known"));
    }

    private static Grain spacing(List<SeriesPoint> points) {
        TreeSet<Instant> times = new TreeSet<>();
        points.forEach(point -> times.add(point.time()));
        Optional<Duration> least = Optional.empty();
        Instant before = Instant.MIN;
        for (Instant time : times) {
            if (before != Instant.MIN) {
                Duration gap = Duration.between(before, time);
                least = least.filter(l -> l.compareTo(gap) <= 0).or(() -> Optional.of(gap));
            }
            before = time;
        }
        return least.flatMap(Grain::of)
                .orElseThrow(() -> AnswerSections.malformed(
                        Reason.GRANULARITY_CHANGED, "the answer says no granularity, and its points tell none"));
    }
}
