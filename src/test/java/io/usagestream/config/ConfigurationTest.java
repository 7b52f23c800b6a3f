package io.usagestream.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.usagestream.source.Secret;
import io.usagestream.source.SourceSettings;
import io.usagestream.source.SourceSettings.UserIds;
import io.usagestream.source.StreamSettings;
import io.usagestream.stream.Grain;
import io.usagestream.stream.Split;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final String CANARY = "sk-admin-canary-4711";
    private static final String MINIMAL = """
            kafka: {bootstrap.servers: "127.0.0.1:9092"}
            sources:
              - name: acme
                provider: openai
                admin-key: ${OPENAI_ADMIN_KEY}
            """;

    @TempDir
    Path folder;

    private final Map<String, String> environment = new TreeMap<>(Map.of("OPENAI_ADMIN_KEY", CANARY));

    @Test
    void everyDefaultOfTheTopLevelIsRecordedHere() {
        Settings settings = read(MINIMAL);

        assertThat(settings.kafka().values()).isEqualTo(Map.of("bootstrap.servers", "127.0.0.1:9092"));
        assertThat(settings.topics()).isEqualTo(new Settings.Topics("usage", true, 8, 8, -1, -1, Optional.empty()));
        assertThat(settings.oldTransactions()).isEqualTo(Settings.OldTransactions.WARN);
        assertThat(settings.instance()).isEmpty();
        assertThat(settings.rescan())
                .isEqualTo(new Settings.Rescan(Duration.ofDays(7), Duration.ofDays(60), Duration.ofDays(62)));
        assertThat(settings.registry()).isEmpty();
        assertThat(settings.traces()).isEmpty();
        assertThat(settings.http()).isEqualTo(new Settings.Http("127.0.0.1", 8080, Optional.empty()));
    }

    @Test
    void everyDefaultOfASourceIsRecordedHere() {
        SourceSettings source = read(MINIMAL).sources().get(0);

        assertThat(source.name()).isEqualTo("acme");
        assertThat(source.provider()).isEqualTo("openai");
        assertThat(source.baseUrl()).isEqualTo(URI.create("https://api.openai.example/v1"));
        assertThat(source.path()).isEmpty();
        assertThat(revealed(source, "admin-key")).isEqualTo(CANARY);
        assertThat(source.projectIds()).isEmpty();
        assertThat(source.userIds()).isEmpty();
        assertThat(source.teamId()).isEmpty();
        assertThat(source.userIdMode()).isEqualTo(new UserIds.Keep());
        assertThat(source.maxBody()).isEqualTo(16 << 20);
        assertThat(source.requestsPerMinute()).isEqualTo(60);
        assertThat(source.streams()).extracting(s -> s.type().name()).containsExactly("completions", "costs");
    }

    @Test
    void tenThousandSourcesFitIntoAFile() {
        String source = """
                  - name: account-%d
                    provider: openai
                    base-url: https://api.openai.example/v1
                    # whoever runs so many lets a program write the file
                    admin-key: sk-admin-of-an-account-whose-key-is-long-0123456789012345678901234567890123456789-%d
                    start: 2026-11-01T00:00:00Z
                    streams: {completions: {}, costs: {}}
                """;
        StringBuilder file = new StringBuilder("kafka: {bootstrap.servers: \"127.0.0.1:9092\"}\nsources:\n");
        IntStream.range(0, 14_000).forEach(n -> file.append(source.formatted(n, n)));

        assertThat(file.length()).as("more than YAML's parser takes by itself").isGreaterThan(3 << 20);
        assertThat(read(file.toString()).sources()).hasSize(14_000);
    }

    @Test
    void everyDefaultOfAStreamIsRecordedHere() {
        StreamSettings completions = stream(read(MINIMAL), "completions");

        assertThat(completions.split()).isEqualTo(new Split("openai", "acme", "completions"));
        assertThat(completions.width()).isEqualTo(Grain.HOUR);
        assertThat(completions.window()).isEqualTo(Duration.ofDays(7));
        assertThat(completions.groupBy()).containsExactly("project_id", "user_id", "model");
        assertThat(completions.fields()).isEmpty();
        assertThat(completions.start()).isEmpty();
        assertThat(completions.pollInterval()).isEqualTo(Duration.ofSeconds(60));
        assertThat(completions.hot()).as("30m, raised to two buckets").isEqualTo(Duration.ofHours(2));
        assertThat(completions.sweepInterval()).isEqualTo(Duration.ofMinutes(30));
        assertThat(completions.lookback()).isEqualTo(Duration.ofHours(48));
        assertThat(completions.safetyLag()).isEqualTo(Duration.ofMinutes(2));
        assertThat(completions.publishZeroPoints()).isFalse();
        assertThat(completions.rescanDaily()).isEqualTo(Duration.ofDays(7));
        assertThat(completions.rescanWeekly()).isEqualTo(Duration.ofDays(60));
        assertThat(completions.horizon()).isEqualTo(Duration.ofDays(62));
        StreamSettings costs = stream(read(MINIMAL), "costs");
        assertThat(costs.width()).isEqualTo(Grain.DAY);
        assertThat(costs.lookback()).isEqualTo(Duration.ofDays(7));
        assertThat(costs.groupBy()).containsExactly("project_id", "line_item");
    }

    @Test
    void theFingerprintHoldsWhatMakesKeysAndNothingElse() {
        StreamSettings completions = stream(read(MINIMAL), "completions");

        assertThat(completions.fingerprint())
                .isEqualTo(new TreeMap<>(Map.of(
                        "provider", "openai",
                        "base-url", "https://api.openai.example/v1",
                        "path", "/organization/usage/completions",
                        "bucket-width", "1h",
                        "group-by", "model,project_id,user_id",
                        "project-ids", "",
                        "user-ids", "",
                        "team-id", "",
                        "user-id", "keep")));
        Settings other = read(MINIMAL
                + "    poll-interval: 5s\n    streams: {completions: {group-by: [user_id, model, project_id]}}\n");
        assertThat(stream(other, "completions").fingerprint()).isEqualTo(completions.fingerprint());
    }

    @Test
    void aWindowOfBucketsIsWhatTheProviderSaysAPageHolds() {
        Settings settings = read(MINIMAL + "    streams: {completions: {bucket-width: 1m}, costs: {}}\n");
        assertThat(stream(settings, "completions").window()).isEqualTo(Duration.ofMinutes(60));
        assertThat(stream(settings, "costs").window()).isEqualTo(Duration.ofDays(31));
    }

    @Test
    void anEnvironmentAloneIsEnough() {
        environment.put("KAFKA_BOOTSTRAP_SERVERS", "kafka:9092");
        environment.put("SCENARIO_SDK_API_KEY", "key");
        environment.put("SCENARIO_SDK_API_SECRET", "secret");

        Settings settings = configuration().ofEnvironment();

        assertThat(settings.sources()).extracting(SourceSettings::name).containsExactly("openai", "scenario");
        assertThat(settings.kafka().values()).containsEntry("bootstrap.servers", "kafka:9092");
        SourceSettings scenario = settings.sources().get(1);
        assertThat(scenario.streams()).extracting(s -> s.type().name()).containsExactly("activity", "usages");
        assertThat(revealed(scenario, "api-secret")).isEqualTo("secret");
    }

    @Test
    void whoOnlyReadsTheTopicsNeedsNoFileAndNoSources() {
        environment.clear();
        Settings settings = configuration().ofBrokers();
        assertThat(settings.sources()).isEmpty();
        assertThat(settings.kafka().values()).containsEntry("bootstrap.servers", "127.0.0.1:9092");

        environment.put("KAFKA_BOOTSTRAP_SERVERS", "kafka:9092");
        assertThat(configuration().ofBrokers().kafka().values()).containsEntry("bootstrap.servers", "kafka:9092");
    }

    @Test
    void anEmptyEnvironmentSaysWhatToSet() {
        environment.clear();

        var e = catchThrowableOfType(
                ConfigurationException.class, () -> configuration().ofEnvironment());

        assertThat(e.problems())
                .extracting(Problem::toString)
                .containsExactly(
                        "nothing says what to read: give --config FILE, or set OPENAI_ADMIN_KEY and/or SCENARIO_SDK_API_KEY"
                                + " and SCENARIO_SDK_API_SECRET, and KAFKA_BOOTSTRAP_SERVERS");
    }

    @Test
    void placeholdersTakeTheEnvironmentOrTheirDefault() {
        environment.put("BROKERS", "a:1");
        Settings settings = read(MINIMAL.replace("\"127.0.0.1:9092\"", "\"${BROKERS},${OTHER:-b:2},$${X}\""));

        assertThat(settings.kafka().values()).containsEntry("bootstrap.servers", "a:1,b:2,${X}");
    }

    @Test
    void aVariableThatIsNotSetIsOneMistake() {
        String text = MINIMAL.replace("OPENAI_ADMIN_KEY", "NOT_SET").replace("acme", "${NOT_SET}")
                + "    base-url: ${NOT_SET}\n  - {name: b, provider: \"${NOT_SET}\"}\n";

        var e = catchThrowableOfType(ConfigurationException.class, () -> read(text));

        assertThat(e.problems())
                .extracting(Problem::toString)
                .containsExactly(
                        "line 3: sources[0].name: the environment variable NOT_SET is not set",
                        "line 5: sources[0].admin-key: the environment variable NOT_SET is not set",
                        "line 6: sources[0].base-url: the environment variable NOT_SET is not set",
                        "line 7: sources[1].provider: the environment variable NOT_SET is not set");
    }

    @Test
    void anEmptyDefaultIsASettingThatIsNotThere() {
        assertThat(read(MINIMAL + "    base-url: ${NOT_SET:-}\n").sources())
                .singleElement()
                .extracting(SourceSettings::baseUrl)
                .isEqualTo(URI.create("https://api.openai.example/v1"));

        var e = catchThrowableOfType(
                ConfigurationException.class, () -> read(MINIMAL.replace("OPENAI_ADMIN_KEY", "NOT_SET:-")));

        assertThat(e.problems())
                .extracting(Problem::toString)
                .containsExactly("line 5: sources[0].admin-key: is missing: set admin-key or admin-key-file");
    }

    @Test
    void startIsFlooredToAUtcDay() {
        Settings settings = read(MINIMAL + "    start: 2026-11-01T13:30:00+02:00\n");

        assertThat(stream(settings, "costs").start()).contains(Instant.parse("2026-11-01T00:00:00Z"));
    }

    @Test
    void aSourcesLookbackNeverMakesCostsFinalEarlier() {
        Settings shorter = read(MINIMAL + "    lookback: 24h\n");
        assertThat(stream(shorter, "completions").lookback()).isEqualTo(Duration.ofHours(24));
        assertThat(stream(shorter, "costs").lookback()).isEqualTo(Duration.ofDays(7));

        Settings longer = read(MINIMAL + "    lookback: 14d\n");
        assertThat(stream(longer, "costs").lookback()).isEqualTo(Duration.ofDays(14));

        Settings named = read(MINIMAL + "    streams: {costs: {lookback: 3d}}\n");
        assertThat(stream(named, "costs").lookback()).isEqualTo(Duration.ofDays(3));
    }

    @Test
    void aStreamsMapNamesExactlyTheStreamsThatAreRead() {
        Settings settings = read(
                MINIMAL
                        + "    streams:\n      costs:\n      decisions: {enabled: false}\n      completions: {poll-interval: 5m}\n");

        assertThat(settings.sources().get(0).streams())
                .extracting(s -> s.type().name())
                .containsExactly("costs", "completions");
        assertThat(stream(settings, "completions").pollInterval()).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void aKnownPathUnderANameOfOnesOwnIsReadOnceMore() {
        Settings settings = read(MINIMAL + "    streams:\n"
                + "      by_key: {path: /organization/costs, group-by: [api_key_id]}\n"
                + "      costs:\n"
                + "      weather: {path: /organization/usage/weather, group-by: [project_id]}\n"
                + "      climate: {path: /organization/usage/weather, group-by: [user_id]}\n"
                + "  - {name: studio, provider: scenario, api-key: k, api-secret: s}\n");

        assertThat(settings.readOnceMore())
                .containsExactlyInAnyOrder(
                        new Split("openai", "acme", "by_key"), new Split("openai", "acme", "climate"));
        assertThat(read(MINIMAL).readOnceMore()).isEmpty();
    }

    @Test
    void aStreamOfAnyNameNeedsOnlyAPath() {
        Settings settings =
                read(MINIMAL + "    streams: {weather: {path: /organization/usage/weather, group-by: [project_id]}}\n");

        assertThat(stream(settings, "weather").type().path()).isEqualTo("/organization/usage/weather");
        assertThat(stream(settings, "weather").groupBy()).containsExactly("project_id");
    }

    @Test
    void droppedUserIdsAreNotAskedFor() {
        assertThat(stream(read(MINIMAL + "    user-id: drop\n"), "completions").groupBy())
                .containsExactly("project_id", "model");
    }

    @Test
    void credentialsMayBeInFilesBesideTheConfiguration() throws IOException {
        Files.writeString(folder.resolve("key.txt"), "from-file\n");
        Settings settings = read(MINIMAL.replace("admin-key: ${OPENAI_ADMIN_KEY}", "admin-key-file: key.txt"));

        assertThat(revealed(settings.sources().get(0), "admin-key")).isEqualTo("from-file");
    }

    @Test
    void loopbackMayBeSpokenToInTheClear() {
        for (String host : List.of("localhost", "127.0.0.1", "127.1.2.3", "[::1]")) {
            assertThat(read(MINIMAL + "    base-url: http://" + host + ":8099/v1/\n")
                            .sources())
                    .extracting(SourceSettings::baseUrl)
                    .containsExactly(URI.create("http://" + host + ":8099/v1"));
        }
        assertThat(read(MINIMAL + "    base-url: http://proxy.example\n    allow-insecure: true\n")
                        .sources())
                .hasSize(1);
    }

    @Test
    void noSecretIsPrintedByAnySetting() {
        Settings settings = read(
                MINIMAL.replace("\"127.0.0.1:9092\"", "\"b:1\", sasl.jaas.config: \"user password='" + CANARY + "';\"")
                        + "schema-registry: {url: \"https://user:" + CANARY + "@registry.example/\"}\n");

        assertThat(settings.toString()).doesNotContain(CANARY).contains("sasl.jaas.config", "registry.example");
    }

    @Test
    void demandCountsPollsAndSweeps() {
        SourceSettings source = read(MINIMAL).sources().get(0);

        // two polls a minute, one page of lookback each every half hour
        assertThat(Demand.perMinute(source)).isEqualByComparingTo("2.1");
        assertThat(Demand.problem(0, source)).isEmpty();
    }

    @Test
    void aBudgetBelowTheSteadyDemandIsAProblem() {
        SourceSettings source =
                read(MINIMAL + "    poll-interval: 1s\n").sources().get(0);

        assertThat(Demand.problem(3, source))
                .map(Problem::toString)
                .contains(
                        "sources[3].requests-per-minute: its 2 streams need 120.1 requests a minute, the budget is 60:"
                                + " raise it, or poll-interval or sweep-interval, or read fewer streams");
    }

    private static String revealed(SourceSettings source, String credential) {
        return Optional.ofNullable(source.credentials().get(credential))
                .orElseThrow()
                .reveal();
    }

    private static StreamSettings stream(Settings settings, String name) {
        return settings.sources().get(0).streams().stream()
                .filter(stream -> stream.type().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private Configuration configuration() {
        return new Configuration(
                FixtureProviders.ALL,
                environment,
                file -> {
                    try {
                        return Secret.of(Files.readString(file).strip());
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                },
                NOW);
    }

    private Settings read(String text) {
        try {
            return configuration().of(Files.writeString(folder.resolve("config.yaml"), text));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
