package io.usagestream.config;

import io.usagestream.source.Provider;
import io.usagestream.source.SourceSettings;
import io.usagestream.source.StreamType;
import io.usagestream.source.StreamType.Shape;
import io.usagestream.source.Upstream;
import io.usagestream.stream.Grain;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Two providers with little to offer: one of each kind, so that the configuration's rules are tested without the real catalogues. */
final class FixtureProviders {
    private static final Map<Grain, Integer> PER_PAGE = Map.of(Grain.MINUTE, 60, Grain.HOUR, 168, Grain.DAY, 31);

    static final Provider BUCKETS = new Named(
            "openai",
            List.of(
                    new StreamType(
                            "completions",
                            Shape.BUCKETS,
                            "/organization/usage/completions",
                            List.of("project_id", "user_id", "model"),
                            Set.of("api_source"),
                            PER_PAGE,
                            Grain.HOUR,
                            Duration.ofHours(48),
                            true),
                    new StreamType(
                            "costs",
                            Shape.BUCKETS,
                            "/organization/costs",
                            List.of("project_id", "line_item"),
                            Set.of("api_key_id"),
                            Map.of(Grain.DAY, 31),
                            Grain.DAY,
                            Duration.ofDays(7),
                            true),
                    new StreamType(
                            "decisions",
                            Shape.BUCKETS,
                            "/organization/usage/decisions",
                            List.of("project_id"),
                            Set.of(),
                            Map.of(Grain.HOUR, 168),
                            Grain.HOUR,
                            Duration.ofHours(48),
                            false)),
            new TreeMap<>(Map.of("admin-key", "OPENAI_ADMIN_KEY")),
            "https://api.openai.example/v1",
            Set.of("project-ids"));

    static final Provider SERIES = new Named(
            "scenario",
            List.of(
                    plain("activity", Shape.LOG, true),
                    plain("usages", Shape.SERIES, true),
                    plain("entities", Shape.ENTITIES, false)),
            new TreeMap<>(Map.of("api-key", "SCENARIO_SDK_API_KEY", "api-secret", "SCENARIO_SDK_API_SECRET")),
            "https://api.scenario.example/v1",
            Set.of("path", "project-ids", "user-ids", "team-id"));

    static final List<Provider> ALL = List.of(BUCKETS, SERIES);

    private FixtureProviders() {}

    private static StreamType plain(String name, Shape shape, boolean byDefault) {
        return new StreamType(
                name, shape, "/usages", List.of(), Set.of(), Map.of(), Grain.DAY, Duration.ofHours(48), byDefault);
    }

    private record Named(
            String name,
            List<StreamType> streams,
            SortedMap<String, String> credentials,
            String defaultBaseUrl,
            Set<String> accountSettings)
            implements Provider {
        @Override
        public Optional<StreamType> custom(String stream, String path) {
            return name.equals("openai")
                    ? Optional.of(new StreamType(
                            stream,
                            Shape.BUCKETS,
                            path,
                            List.of(),
                            Set.of(),
                            PER_PAGE,
                            Grain.HOUR,
                            Duration.ofHours(48),
                            false))
                    : Optional.empty();
        }

        @Override
        public Upstream open(Vertx vertx, SourceSettings settings) {
            throw new UnsupportedOperationException("nothing is read here");
        }
    }
}
