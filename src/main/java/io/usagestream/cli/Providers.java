package io.usagestream.cli;

import io.usagestream.source.Provider;
import io.usagestream.source.openai.OpenAi;
import io.usagestream.source.scenario.Scenario;
import java.time.Clock;
import java.util.List;

/** The providers of this program: a new one is one more line. */
final class Providers {
    private Providers() {}

    static List<Provider> all() {
        return List.of(new OpenAi(Clock.systemUTC()), new Scenario(Clock.systemUTC()));
    }

    /** The provider of that name, which the configuration has checked. */
    static Provider named(String name) {
        return all().stream()
                .filter(provider -> provider.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
