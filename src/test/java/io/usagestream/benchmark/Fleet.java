package io.usagestream.benchmark;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Accounts that are alike, numbered from 0, and how they are read.
 *
 * @param streams as the configuration says them
 * @param lanes over which they are spread
 */
record Fleet(int accounts, String streams, int lanes, Instant start, Duration poll, Duration sweep) {
    /** Three streams of each account. */
    static final String THREE = "{completions: {}, embeddings: {}, costs: {}}";

    /** From the day before today on, or as many days as {@code bench.history} says; eight lanes, as by default. */
    static Fleet of(int accounts, String streams, Duration poll) {
        int history = Integer.getInteger("bench.history", 1);
        Instant start = Instant.now().truncatedTo(ChronoUnit.DAYS).minus(history, ChronoUnit.DAYS);
        return new Fleet(accounts, streams, 8, start, poll, Duration.ofMinutes(30));
    }

    Fleet sweptEvery(Duration other) {
        return new Fleet(accounts, streams, lanes, start, poll, other);
    }

    /** A configuration file. */
    String yaml(String bootstrapServers, String baseUrl, String prefix, int port) {
        StringBuilder yaml = new StringBuilder("""
                kafka: {bootstrap.servers: "%s"}
                topics: {prefix: %s, lanes: %d, partitions: %d, replication-factor: 1}
                http: {host: 127.0.0.1, port: %d}
                sources:
                """.formatted(bootstrapServers, prefix, lanes, Bench.PARTITIONS, port));
        for (int account = 0; account < accounts; account++) {
            yaml.append("""
                      - name: a%d
                        provider: openai
                        base-url: %s
                        admin-key: sk-admin-%d
                        start: %s
                        poll-interval: %dms
                        sweep-interval: %ds
                        requests-per-minute: 6000
                        streams: %s
                    """.formatted(account, baseUrl, account, start, poll.toMillis(), sweep.toSeconds(), streams));
        }
        return yaml.toString();
    }
}
