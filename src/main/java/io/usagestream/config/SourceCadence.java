package io.usagestream.config;

import io.usagestream.source.Provider;
import io.usagestream.source.StreamType.Shape;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;

/**
 * How a source's streams are read unless a stream says otherwise.
 *
 * @param lookback as configured for the whole source, if it is
 * @param window length of a series window
 */
record SourceCadence(
        Optional<Instant> start,
        Duration poll,
        Duration hot,
        Duration sweep,
        Optional<Duration> lookback,
        Duration safetyLag,
        Duration window,
        boolean publishZeroPoints) {
    static final Duration SHORTEST_POLL = Duration.ofMillis(100);
    static final Duration SHORTEST_LOOKBACK = Duration.ofSeconds(1);

    static SourceCadence read(Section section, Provider provider, Instant now) {
        return new SourceCadence(
                start(section, now),
                section.duration("poll-interval", Duration.ofSeconds(60), SHORTEST_POLL),
                section.duration("hot", Duration.ofMinutes(30), Duration.ZERO),
                section.duration("sweep-interval", Duration.ofMinutes(30), SHORTEST_POLL),
                section.duration("lookback", SHORTEST_LOOKBACK),
                section.duration("safety-lag", Duration.ofMinutes(2), Duration.ZERO),
                window(section, provider),
                section.choice("zero-points", Map.of("skip", false, "publish", true), false));
    }

    private static Optional<Instant> start(Section section, Instant now) {
        Optional<Instant> start = section.time("start");
        if (start.isPresent() && start.get().isAfter(now)) {
            section.problem("start", start.get() + " lies in the future");
        }
        return start.map(time -> time.truncatedTo(ChronoUnit.DAYS));
    }

    private static Duration window(Section section, Provider provider) {
        Duration day = Duration.ofDays(1);
        boolean series = provider.streams().stream().anyMatch(type -> type.shape() == Shape.SERIES);
        return series
                ? section.parsed(
                                "window",
                                text -> Durations.parse(text)
                                        .filter(window -> window.equals(day) || window.equals(Duration.ofDays(7))),
                                "1d or 7d")
                        .orElse(day)
                : day;
    }
}
