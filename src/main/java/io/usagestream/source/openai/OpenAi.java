package io.usagestream.source.openai;

import io.usagestream.source.Provider;
import io.usagestream.source.SourceSettings;
import io.usagestream.source.StreamType;
import io.usagestream.source.Upstream;
import io.usagestream.source.http.Limits;
import io.usagestream.stream.ByName;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/** OpenAI's organization usage and costs endpoints, read with an admin key. */
public final class OpenAi implements Provider {
    /** The provider's name in configurations and ids. */
    public static final String NAME = "openai";

    static final String ADMIN_KEY = "admin-key";

    private final InstantSource clock;

    /** @param clock for what upstream leaves without a {@code Date} */
    public OpenAi(InstantSource clock) {
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
        return Optional.of(Catalogue.custom(name, path));
    }

    @Override
    public SortedMap<String, String> credentials() {
        return ByName.of(ADMIN_KEY, "OPENAI_ADMIN_KEY");
    }

    @Override
    public Set<String> accountSettings() {
        return Set.of("project-ids");
    }

    @Override
    public String defaultBaseUrl() {
        return "https://api.openai.com/v1";
    }

    @Override
    public Upstream open(Vertx vertx, SourceSettings settings) {
        return open(vertx, settings, Limits.of(settings.maxBody()));
    }

    /** Opens an account with deadlines of one's own. */
    public Upstream open(Vertx vertx, SourceSettings settings, Limits limits) {
        return new OpenAiAccount(vertx, settings, limits, clock);
    }
}
