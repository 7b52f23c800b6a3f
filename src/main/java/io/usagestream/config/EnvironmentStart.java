package io.usagestream.config;

import io.usagestream.source.Provider;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The configuration that a few environment variables stand for, so that a first start needs no file. */
final class EnvironmentStart {
    static final String BROKERS = "KAFKA_BOOTSTRAP_SERVERS";

    /** For who only reads the topics. */
    static final String READER = """
            kafka:
              bootstrap.servers: ${KAFKA_BOOTSTRAP_SERVERS:-127.0.0.1:9092}
            """;

    private EnvironmentStart() {}

    /** The file that could have been written instead: an account of every provider of which a credential is set. */
    static String text(List<Provider> providers, Map<String, String> environment, Problems problems) {
        List<Provider> named = providers.stream()
                .filter(provider -> provider.credentials().values().stream()
                        .anyMatch(variable ->
                                !environment.getOrDefault(variable, "").isBlank()))
                .toList();
        if (named.isEmpty()) {
            problems.add(
                    0,
                    "",
                    "nothing says what to read: give --config FILE, or set " + variables(providers) + ", and "
                            + BROKERS);
        }
        return named.stream().map(EnvironmentStart::source).collect(Collectors.joining("", "sources:\n", ""));
    }

    private static String variables(List<Provider> providers) {
        return providers.stream()
                .map(provider -> String.join(" and ", provider.credentials().values()))
                .collect(Collectors.joining(" and/or "));
    }

    private static String source(Provider provider) {
        return provider.credentials().entrySet().stream()
                .map(credential -> "    " + credential.getKey() + ": ${" + credential.getValue() + "}\n")
                .collect(Collectors.joining(
                        "", "  - name: " + provider.name() + "\n    provider: " + provider.name() + "\n", ""));
    }
}
