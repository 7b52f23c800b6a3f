package io.usagestream.ingest;

import io.usagestream.plan.Budget;
import io.usagestream.plan.Gate;
import io.usagestream.sink.LaneNumber;
import io.usagestream.source.Provider;
import io.usagestream.source.SourceSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The configured upstream accounts, opened when a lane begins and let go when it ends. */
final class Accounts {
    private final Map<String, Provider> providers;
    private final List<SourceSettings> sources;
    private final Map<String, SourceSettings> byName;

    Accounts(List<Provider> providers, List<SourceSettings> sources) {
        this.providers = providers.stream().collect(Collectors.toMap(Provider::name, Function.identity()));
        this.sources = sources;
        this.byName = sources.stream().collect(Collectors.toMap(SourceSettings::name, Function.identity()));
    }

    List<SourceSettings> all() {
        return sources;
    }

    Optional<SourceSettings> named(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** Opens the accounts that belong to a lane. */
    List<SourceContext> open(int lane, int lanes, Vertx vertx, Instant now) {
        return sources.stream()
                .filter(source -> LaneNumber.of(source.name(), lanes) == lane)
                .map(source -> open(source, vertx, now))
                .toList();
    }

    private SourceContext open(SourceSettings source, Vertx vertx, Instant now) {
        Provider provider = providers.get(source.provider());
        if (provider == null) {
            throw new IllegalArgumentException("no such provider: " + source.provider());
        }
        Gate gate = new Gate(new Budget(source.requestsPerMinute(), now));
        return new SourceContext(source, provider.open(vertx, source), gate);
    }

    static Future<Void> close(List<SourceContext> contexts) {
        return Future.join(contexts.stream()
                        .map(context -> context.upstream().close())
                        .toList())
                .<Void>mapEmpty()
                .otherwiseEmpty();
    }
}
