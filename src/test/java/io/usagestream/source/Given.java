package io.usagestream.source;

import io.usagestream.stream.Grain;
import io.usagestream.stream.Measure;
import io.usagestream.stream.Point;
import io.usagestream.stream.Split;
import io.usagestream.stream.Window;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Settings of accounts and streams, as short as a test needs them. */
public final class Given {
    public static final Instant DAY = Instant.parse("2026-11-19T00:00:00Z");
    public static final Window ONE_DAY = new Window(DAY, DAY.plus(Duration.ofDays(1)));

    private Given() {}

    public static Split split(Provider provider, String stream) {
        return new Split(provider.name(), "acme", stream);
    }

    public static StreamType type(Provider provider, String stream) {
        return provider.streams().stream()
                .filter(t -> t.name().equals(stream))
                .findFirst()
                .orElseThrow();
    }

    public static StreamSettings stream(Provider provider, StreamType type, Grain width, List<String> groupBy) {
        return stream(provider, type, width, groupBy, List.of());
    }

    public static StreamSettings stream(
            Provider provider, StreamType type, Grain width, List<String> groupBy, List<String> fields) {
        return new StreamSettings(
                split(provider, type.name()),
                type,
                width,
                Duration.ofDays(1),
                groupBy,
                fields,
                Optional.empty(),
                Duration.ofMinutes(1),
                Duration.ofMinutes(30),
                Duration.ofMinutes(30),
                type.lookback(),
                Duration.ofMinutes(2),
                false,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ofDays(62),
                new TreeMap<>());
    }

    public static StreamSettings stream(Provider provider, String stream) {
        StreamType type = type(provider, stream);
        return stream(provider, type, type.defaultWidth(), type.dimensions());
    }

    public static SourceSettings source(
            Provider provider, URI base, Map<String, Secret> credentials, List<StreamSettings> streams) {
        return source(provider, base, credentials, new SourceSettings.UserIds.Keep(), streams);
    }

    public static SourceSettings source(
            Provider provider,
            URI base,
            Map<String, Secret> credentials,
            SourceSettings.UserIds userIds,
            List<StreamSettings> streams) {
        return new SourceSettings(
                "acme",
                provider.name(),
                base,
                Optional.empty(),
                "",
                credentials,
                List.of(),
                List.of(),
                Optional.empty(),
                userIds,
                16 << 20,
                60,
                streams);
    }

    /** A number that the point must have. */
    public static Measure measure(Point point, String name) {
        return Optional.ofNullable(point.measures().get(name))
                .orElseThrow(() -> new AssertionError("no " + name + " in " + point));
    }

    /** A dimension that the point must have. */
    public static Optional<String> dimension(Point point, String name) {
        return Optional.ofNullable(point.dimensions().get(name))
                .orElseThrow(() -> new AssertionError("no " + name + " in " + point));
    }
}
