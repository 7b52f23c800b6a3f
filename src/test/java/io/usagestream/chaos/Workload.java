package io.usagestream.chaos;

import io.usagestream.dev.upstream.ledger.LedgerSettings;
import io.usagestream.dev.upstream.openai.OpenAiApi;
import io.usagestream.dev.upstream.scenario.ScenarioApi;
import io.usagestream.source.SourceSettings;
import io.usagestream.stream.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is read while things go wrong: sources of both providers in every lane, polled every second, out of a ledger that never rests.
 *
 * @param seed of the ledger and of everything random in a campaign
 * @param accounts of each provider
 * @param pace how busy they are, in percent
 * @param history how far back reading begins; floored to a UTC day
 * @param lanes partitions of the checkpoints topic
 * @param client properties of the Kafka clients beside the address
 */
public record Workload(long seed, int accounts, int pace, Duration history, int lanes, Map<String, String> client) {
    private static final int SAFETY_LAG_SECONDS = 2;
    private static final String POLL = System.getProperty("chaos.poll", "1s");
    private static final String SWEEP = System.getProperty("chaos.sweep", "15s");

    /** Clients that notice within seconds what others would notice within minutes, so that a campaign is short. */
    public static final Map<String, String> IMPATIENT = Map.of(
            "session.timeout.ms", "2000",
            "heartbeat.interval.ms", "500",
            "transaction.timeout.ms", "4000",
            "delivery.timeout.ms", "3500",
            "request.timeout.ms", "1500",
            "max.block.ms", "3000",
            "default.api.timeout.ms", "4000");

    /** Longer than the session and the transaction of an impatient client. */
    public static final Duration TAKEN_FOR_DEAD = Duration.ofMillis(7_000);

    static Workload small(long seed) {
        return new Workload(seed, 2, 600, Duration.ofHours(20), 4, IMPATIENT);
    }

    Workload with(Map<String, String> other) {
        return new Workload(seed, accounts, pace, history, lanes, other);
    }

    Workload inOneLane() {
        return new Workload(seed, accounts, pace, history, 1, client);
    }

    Workload paced(int percent, Duration back) {
        return new Workload(seed, accounts, percent, back, lanes, client);
    }

    Workload withAccounts(int count) {
        return new Workload(seed, count, pace, history, lanes, client);
    }

    public LedgerSettings ledger() {
        return LedgerSettings.of(seed, accounts).withPace(pace);
    }

    public Instant start(Instant now) {
        return Window.startOf(Window.dayOf(now.minus(history)));
    }

    /** How long after the freeze everything that upstream shows may be read. */
    public Duration settled() {
        return Duration.ofSeconds(SAFETY_LAG_SECONDS + 1);
    }

    /** The number of the account behind a source: the end of its name. */
    public static int account(SourceSettings source) {
        return Integer.parseInt(source.name().substring(source.name().lastIndexOf('-') + 1));
    }

    /** The configuration of an instance, but where it listens. */
    public String yaml(String bootstrapServers, String upstream, String prefix, Instant now) {
        StringBuilder yaml = new StringBuilder("kafka:\n");
        Map<String, String> properties = new TreeMap<>(client);
        properties.put("bootstrap.servers", bootstrapServers);
        properties.forEach((name, value) ->
                yaml.append("  ").append(name).append(": ").append(value).append('\n'));
        yaml.append("topics: {prefix: ")
                .append(prefix)
                .append(", lanes: ")
                .append(lanes)
                .append(", partitions: 3}\n");
        yaml.append("sources:\n");
        for (int account = 1; account <= accounts; account++) {
            yaml.append("""
                      - name: acme-%1$d
                        provider: openai
                        base-url: %2$s
                        allow-insecure: true
                        admin-key: %3$s
                        start: %4$s
                        poll-interval: %9$s
                        hot: 10m
                        sweep-interval: %8$s
                        lookback: 48h
                        requests-per-minute: 60000
                        streams:
                          completions: {bucket-width: 1m, group-by: [project_id, model]}
                          embeddings: {}
                          costs: {lookback: 7d}
                      - name: studio-%1$d
                        provider: scenario
                        base-url: %2$s
                        allow-insecure: true
                        api-key: %5$s
                        api-secret: %6$s
                        start: %4$s
                        poll-interval: %9$s
                        sweep-interval: %8$s
                        lookback: 48h
                        safety-lag: %7$ds
                        requests-per-minute: 60000
                        streams: {activity: {}, usages: {}, model-usages: {}}
                    """.formatted(
                            account,
                            upstream,
                            OpenAiApi.adminKey(account),
                            start(now),
                            ScenarioApi.apiKey(account),
                            ScenarioApi.apiSecret(account),
                            SAFETY_LAG_SECONDS,
                            SWEEP,
                            POLL));
        }
        return yaml.toString();
    }
}
