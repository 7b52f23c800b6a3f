package io.usagestream.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.usagestream.source.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProblemsTest {
    private static final String CANARY = "sk-admin-canary-4711";
    private static final String TOP = """
            kafka: {bootstrap.servers: "127.0.0.1:9092"}
            sources:
              - name: acme
                provider: openai
            """;
    private static final String MINIMAL = TOP + "    admin-key: " + CANARY + "\n";

    @TempDir
    Path folder;

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            poll-intervall: 5s | line 6: sources[0].poll-intervall: is not a setting; did you mean "poll-interval"?
            zzz: 5s | line 6: sources[0].zzz: is not a setting
            poll-interval: soon | line 6: sources[0].poll-interval: "soon" is not a length of time: write it as 30s, 5m, 48h or 7d
            poll-interval: 1ms | line 6: sources[0].poll-interval: 1ms is too short: at least 100ms
            poll-interval: [1s] | line 6: sources[0].poll-interval: is not a plain value
            max-body: large | line 6: sources[0].max-body: "large" is not a size from 64KiB to 1GiB, such as 16MiB
            max-body: 1B | line 6: sources[0].max-body: "1B" is not a size from 64KiB to 1GiB, such as 16MiB
            requests-per-minute: 0 | line 6: sources[0].requests-per-minute: "0" is not a whole number from 1 to 100000
            start: yesterday | line 6: sources[0].start: "yesterday" is not a time: write it as 2026-11-01T00:00:00Z or 2026-11-01
            start: 2030-01-01 | line 6: sources[0].start: 2030-01-01T00:00:00Z lies in the future
            zero-points: maybe | line 6: sources[0].zero-points: "maybe" is not one of publish, skip
            user-id: hide | line 6: sources[0].user-id: "hide" is not one of drop, hash, keep
            streams: {costs: {lookback: 63d}} | line 6: sources[0].streams.costs.lookback: 63d is beyond rescan.horizon, 62d: what was published that long ago is no longer kept
            user-id: hash | line 3: sources[0].user-id-key-file: is missing: user-id: hash needs a key
            lookback: 90d | line 6: sources[0].lookback: 90d is beyond rescan.horizon, 62d: what was published that long ago is no longer kept
            base-url: nonsense | line 6: sources[0].base-url: "nonsense" is not a URL such as https://api.openai.example/v1
            base-url: https://u:p@x.example | line 6: sources[0].base-url: holds a user or a password: credentials have settings of their own
            base-url: http://far.example | line 6: sources[0].base-url: http:// would send the credentials in the clear to far.example: use https://, or set allow-insecure: true on this source
            base-url: http://localhost.far.example | line 6: sources[0].base-url: http:// would send the credentials in the clear to localhost.far.example: use https://, or set allow-insecure: true on this source
            base-url: http://127.0.0.1.far.example | line 6: sources[0].base-url: http:// would send the credentials in the clear to 127.0.0.1.far.example: use https://, or set allow-insecure: true on this source
            admin-key-file: key | line 6: sources[0].admin-key-file: FOLDER/key does not exist
            team-id: t | line 6: sources[0].team-id: is not a setting
            window: 7d | line 6: sources[0].window: is not a setting
            project-ids: p1 | line 6: sources[0].project-ids: is not a list: write it as [a, b]
            project-ids: [p1, p1] | line 6: sources[0].project-ids[1]: "p1" is there twice
            provider: openai | line 6: sources[0].provider: is there twice; the first is on line 4
            streams: {completion: {}} | line 6: sources[0].streams.completion: is not a stream of openai; did you mean "completions"?: a stream that is not known here needs a path
            streams: {costs: {enabled: false}} | line 6: sources[0].streams: enables no stream
            streams: {costs: {bucket-width: 1h}} | line 6: sources[0].streams.costs.bucket-width: "1h" is not one of 1d
            streams: {costs: {group-by: [line-item]}} | line 6: sources[0].streams.costs.group-by: "line-item" is not a dimension of costs: it has api_key_id, line_item, project_id; did you mean "line_item"?
            streams: {costs: {path: costs}} | line 6: sources[0].streams.costs.path: "costs" is not a path such as /organization/usage/completions
            streams: {costs: {fields: [a.b]}} | line 6: sources[0].streams.costs.fields: is not a setting
            streams: [costs] | line 6: sources[0].streams: is not a mapping: settings stand below it, indented, as name: value
            poll-interval: ${NOT_SET} | line 6: sources[0].poll-interval: the environment variable NOT_SET is not set
            poll-interval: ${bad-name} | line 6: sources[0].poll-interval: "${bad-name}" has a placeholder that is not ${NAME} or ${NAME:-default}
            """)
    void aSourceWithOneMistakeGetsOneMessage(String line, String message) {
        List<String> messages = messages(MINIMAL + "    " + line + "\n").stream()
                .filter(m -> !m.endsWith("admin-key-file too: set one of them"))
                .filter(m -> !m.contains("\"${bad-name}\" is not a length"))
                .toList();

        assertThat(messages).containsExactly(message.replace("FOLDER", folder.toString()));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            topic: {} | line 6: topic: is not a setting; did you mean "topics"?
            topics: {lanes: 0} | line 6: topics.lanes: "0" is not a whole number from 1 to 10000
            topics: {partitions: 0} | line 6: topics.partitions: "0" is not a whole number from 1 to 10000, or -1 for the cluster's default
            topics: {create: perhaps} | line 6: topics.create: "perhaps" is not one of false, true
            topics: {prefix: "a b"} | line 6: topics.prefix: "a b" is not the beginning of a topic's name: letters, digits, . _ -
            topics: {points-retention: 0d} | line 6: topics.points-retention: "0d" is not forever or a length of time such as 400d
            topics: {replication-factor: 1, min-insync-replicas: 2} | line 6: topics.min-insync-replicas: 2 is more than replication-factor 1: nothing could ever be written
            rescan: {weekly: 70d} | line 6: rescan.weekly: 70d is beyond horizon, 62d: what was published that long ago is no longer kept
            kafka-transaction-version: deny | line 6: kafka-transaction-version: "deny" is not one of refuse, warn
            schema-registry: {auto-register: true} | line 6: schema-registry.url: is missing
            schema-registry: {url: "ftp://x"} | line 6: schema-registry.url: "ftp://x" is not an http or https URL
            http: {port: 70000} | line 6: http.port: "70000" is not a whole number from 0 to 65535
            http: {token-file: none} | line 6: http.token-file: FOLDER/none does not exist
            instance: "a/b" | line 6: instance: "a/b" is not a name of letters, digits, . _ -
            """)
    void aTopLevelWithOneMistakeGetsOneMessage(String line, String message) {
        assertThat(messages(MINIMAL + line + "\n")).containsExactly(message.replace("FOLDER", folder.toString()));
    }

    @Test
    void aProviderUnderAMistypedKeyNamesThatKey() {
        assertThat(messages("""
                                kafka: {bootstrap.servers: x}
                                sources:
                                  - name: acme
                                    provder: openai
                                """))
                .containsExactly(
                        "line 3: sources[0].provider: is missing: one of openai, scenario; \"provder\" is not a setting");
    }

    @Test
    void allProblemsAreReportedAtOnceInTheOrderOfTheFile() {
        assertThat(messages("""
                                kafka: {bootstrap.server: x}
                                sources:
                                  - name: Acme
                                    provider: opnai
                                  - name: b
                                    provider: openai
                                  - name: b
                                    provider: scenario
                                    api-key: x
                                    lookbak: 1h
                                """))
                .containsExactly(
                        "line 1: kafka.bootstrap.server: is not a property of the Kafka clients; did you mean \"bootstrap.servers\"?",
                        "line 1: kafka.bootstrap.servers: is missing: set it, or the environment variable"
                                + " KAFKA_BOOTSTRAP_SERVERS, to host:port of a broker",
                        "line 3: sources[0].name: \"Acme\" is not a source's name: a-z, 0-9 and hyphens, not a hyphen first",
                        "line 4: sources[0].provider: \"opnai\" is not one of openai, scenario; did you mean \"openai\"?",
                        "line 5: sources[1].admin-key: is missing: set admin-key or admin-key-file",
                        "line 7: sources[2].name: \"b\" is taken by sources[1].name: names are unique",
                        "line 7: sources[2].api-secret: is missing: set api-secret or api-secret-file",
                        "line 10: sources[2].lookbak: is not a setting; did you mean \"lookback\"?");
    }

    @Test
    void aValueThatTheKafkaClientsRefuseIsNamedWithoutAPassword() {
        assertThat(messages("""
                                kafka:
                                  bootstrap.servers: "127.0.0.1:9092"
                                  transaction.timeout.ms: a while
                                  linger.ms: -5
                                  acks: most
                                  max.poll.interval.ms: 99999999999
                                  ssl.keystore.password: %s
                                  unknown.to.us: %s
                                sources:
                                  - {name: acme, provider: openai, admin-key: x}
                                """.formatted(CANARY, CANARY)))
                .containsExactly(
                        "line 3: kafka.transaction.timeout.ms: is refused by the Kafka clients: Not a number of type INT",
                        "line 4: kafka.linger.ms: is refused by the Kafka clients: Value must be at least 0",
                        "line 5: kafka.acks: is refused by the Kafka clients: String must be one of: all, -1, 0, 1",
                        "line 6: kafka.max.poll.interval.ms: is refused by the Kafka clients: Not a number of type INT");
    }

    @Test
    void aMissingFileAndAnEmptyOneSaySo() {
        var e = catchThrowableOfType(
                ConfigurationException.class, () -> configuration().of(folder.resolve("none.yaml")));
        assertThat(e.problems()).extracting(Problem::toString).containsExactly("there is no such file");

        assertThat(messages(""))
                .containsExactly(
                        "line 1: kafka.bootstrap.servers: is missing: set it, or the environment variable"
                                + " KAFKA_BOOTSTRAP_SERVERS, to host:port of a broker",
                        "line 1: sources: is missing: at least one source to read");
    }

    @Test
    void brokenYamlNamesItsLineAndShowsNothingOfTheFile() {
        assertThat(messages(MINIMAL + "    admin-key: [" + CANARY + "\nx"))
                .singleElement()
                .asString()
                .startsWith("line ")
                .contains("is not YAML")
                .doesNotContain(CANARY);
    }

    @Test
    void aliasesAreRefused() {
        assertThat(messages(MINIMAL + "    project-ids: &a [x]\n    start: *a\n"))
                .containsExactly(
                        "line 7: sources[0].start: YAML's aliases (*name) are not supported: repeat the value");
    }

    @Test
    void aValueOutOfTheEnvironmentIsNeverQuoted() {
        String text = MINIMAL + "    poll-interval: ${SECRET}\n    provider2: ${SECRET}\n";

        assertThat(messages(text))
                .containsExactly(
                        "line 6: sources[0].poll-interval: \"${SECRET}\" is not a length of time: write it as 30s, 5m, 48h or 7d",
                        "line 7: sources[0].provider2: is not a setting; did you mean \"provider\"?");
    }

    @Test
    void aCredentialWithSpacesIsRefusedWithoutBeingShown() {
        assertThat(messages(TOP + "    admin-key: \"" + CANARY + " x\"\n"))
                .containsExactly("line 5: sources[0].admin-key: holds characters that a credential never has"
                        + " (spaces, control characters, non-ASCII)");
    }

    private Configuration configuration() {
        return new Configuration(
                FixtureProviders.ALL,
                Map.of("SECRET", CANARY),
                file -> Secret.of("x"),
                Instant.parse("2026-11-21T12:00:00Z"));
    }

    private List<String> messages(String text) {
        try {
            Path file = Files.writeString(folder.resolve("config.yaml"), text);
            var e = catchThrowableOfType(
                    ConfigurationException.class, () -> configuration().of(file));
            assertThat(e).as("refused").isNotNull();
            assertThat(e.getMessage()).doesNotContain(CANARY);
            return e.problems().stream().map(Problem::toString).toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
