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
import java.util.Optional;
import java.util.Set;

/** Two providers with little to offer: one of each kind, so that the configuration's rules are tested without the real catalogues. */
final class FixtureProviders {
    static final Provider BUCKETS = new Named(
            "openai",
            List.of(
                    new StreamType(
                            "completions",
                            Shape.BUCKETS,
                            "/organization/usage/completions",
                            List.of("project_id", "user_id", "model"),
                            Set.of("api_source"),
                            Set.of(Grain.MINUTE, Grain.HOUR, Grain.DAY),
                            Grain.HOUR,
                            Duration.ofHours(48),
                            true),
                    new StreamType(
                            "costs",
                            Shape.BUCKETS,
                            "/organization/costs",
                            List.of("project_id", "line_item"),
                            Set.of("api_key_id"),
                            Set.of(Grain.DAY),
                            Grain.DAY,
                            Duration.ofDays(7),
                            true),
                    new StreamType(
                            "decisions",
                            Shape.BUCKETS,
                            "/organization/usage/decisions",
                            List.of("project_id"),
                            Set.of(),
                            Set.of(Grain.HOUR),
                            Grain.HOUR,
                            Duration.ofHours(48),
                            false)),
            Set.of("admin-key"),
            "https://api.openai.example/v1",
            Set.of("project-ids"));

    static final Provider SERIES = new Named(
            "scenario",
            List.of(
                    plain("activity", Shape.LOG, true),
                    plain("usages", Shape.SERIES, true),
                    plain("entities", Shape.ENTITIES, false)),
            Set.of("api-key", "api-secret"),
            "https://api.scenario.example/v1",
            Set.of("path", "project-ids", "user-ids", "team-id"));

    static final List<Provider> ALL = List.of(BUCKETS, SERIES);

    private FixtureProviders() {}

    private static StreamType plain(String name, Shape shape, boolean byDefault) {
        return new StreamType(
                name, shape, "/usages", List.of(), Set.of(), Set.of(), Grain.DAY, Duration.ofHours(48), byDefault);
    }

    private record Named(
            String name,
            List<StreamType> streams,
            Set<String> credentials,
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
                            Set.of(Grain.MINUTE, Grain.HOUR, Grain.DAY),
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
