package io.usagestream.source.scenario;

import io.usagestream.source.Provider;
import io.usagestream.source.SourceSettings;
import io.usagestream.source.StreamType;
import io.usagestream.source.Upstream;
import io.usagestream.source.http.Limits;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Scenario's usage endpoint, read with an API key and its secret. */
public final class Scenario implements Provider {
    /** The provider's name in configurations and ids. */
    public static final String NAME = "scenario";

    static final String API_KEY = "api-key";
    static final String API_SECRET = "api-secret";

    private final InstantSource clock;

    /** @param clock for what upstream leaves without a {@code Date} */
    public Scenario(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<StreamType> streams() {
        return Catalogue.streams();
    }

    @Override
    public Optional<StreamType> custom(String name, String path) {
        return Optional.empty();
    }

    @Override
    public SortedMap<String, String> credentials() {
        return new TreeMap<>(Map.of(API_KEY, "SCENARIO_SDK_API_KEY", API_SECRET, "SCENARIO_SDK_API_SECRET"));
    }

    @Override
    public Set<String> accountSettings() {
        return Set.of("path", "project-ids", "user-ids", "team-id");
    }

    @Override
    public String defaultBaseUrl() {
        return "https://api.cloud.scenario.com/v1";
    }

    @Override
    public Upstream open(Vertx vertx, SourceSettings settings) {
        return open(vertx, settings, Limits.of(settings.maxBody()));
    }

    /** Opens an account with deadlines of one's own. */
    public Upstream open(Vertx vertx, SourceSettings settings, Limits limits) {
        return new ScenarioAccount(vertx, settings, limits, clock);
    }
}
