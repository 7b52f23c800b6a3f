package io.usagestream.dev.demo;

import io.usagestream.cli.ConfigOption;
import io.usagestream.config.Settings;
import io.usagestream.dev.upstream.openai.OpenAiApi;
import io.usagestream.dev.upstream.scenario.ScenarioApi;
import io.usagestream.source.SourceSettings;
import io.usagestream.stream.Window;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** The demo's configuration: a file like any other, so that what is shown is what a user would get, only faster. */
final class DemoConfiguration {
    private static final Duration SAFETY_LAG = Duration.ofSeconds(2);
    private static final Duration HISTORY = Duration.ofDays(3);

    private final String text;
    private final Instant start;

    DemoConfiguration(String bootstrapServers, URI upstream, int accounts, int httpPort, Instant now) {
        start = Window.startOf(Window.dayOf(now.minus(HISTORY)));
        StringBuilder yaml = new StringBuilder();
        yaml.append("kafka:\n  bootstrap.servers: ").append(bootstrapServers).append('\n');
        yaml.append("topics: {prefix: usage, lanes: 4, partitions: 4}\n");
        yaml.append("http: {host: 127.0.0.1, port: ").append(httpPort).append("}\n");
        yaml.append("sources:\n");
        for (int account = 1; account <= accounts; account++) {
            yaml.append("""
                      - name: acme-%1$d
                        provider: openai
                        base-url: %2$s
                        admin-key: %3$s
                        start: %4$s
                        poll-interval: 2s
                        hot: 30m
                        sweep-interval: 10s
                        lookback: 48h
                        requests-per-minute: 6000
                        streams:
                          completions: {bucket-width: 1m}
                          embeddings: {}
                          moderations: {}
                          images: {}
                          audio_speeches: {}
                          audio_transcriptions: {}
                          vector_stores: {bucket-width: 1d}
                          code_interpreter_sessions: {bucket-width: 1d}
                          file_search_calls: {}
                          web_search_calls: {}
                          costs: {lookback: 7d}
                      - name: studio-%1$d
                        provider: scenario
                        base-url: %2$s
                        api-key: %5$s
                        api-secret: %6$s
                        start: %4$s
                        poll-interval: 2s
                        sweep-interval: 10s
                        lookback: 48h
                        safety-lag: %7$ds
                        requests-per-minute: 6000
                    """.formatted(
                            account,
                            upstream,
                            OpenAiApi.adminKey(account),
                            start,
                            ScenarioApi.apiKey(account),
                            ScenarioApi.apiSecret(account),
                            SAFETY_LAG.toSeconds()));
        }
        text = yaml.toString();
    }

    Settings settings() {
        try {
            Path file = Files.createTempFile("usagestream-demo", ".yaml");
            try {
                Files.writeString(file, text);
                return ConfigOption.read(file);
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where history begins. */
    Instant start() {
        return start;
    }

    Duration safetyLag() {
        return SAFETY_LAG;
    }

    /** The number of the account behind a source: the end of its name. */
    int account(SourceSettings source) {
        return Integer.parseInt(source.name().substring(source.name().lastIndexOf('-') + 1));
    }
}
