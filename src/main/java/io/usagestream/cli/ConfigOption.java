package io.usagestream.cli;

import io.usagestream.config.Configuration;
import io.usagestream.config.Settings;
import io.usagestream.source.Secret;
import io.usagestream.source.SecretFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where a command's configuration is. */
public final class ConfigOption {
    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = {
                "the configuration, in YAML (see example.yaml).",
                "Without it, from the environment: KAFKA_BOOTSTRAP_SERVERS, and to read upstream OPENAI_ADMIN_KEY and/or SCENARIO_SDK_API_KEY and SCENARIO_SDK_API_SECRET"
            })
    private Optional<Path> file = Optional.empty();

    /** The file's settings, or the environment's. */
    public Settings read() {
        return file.map(ConfigOption::read).orElseGet(() -> configuration().ofEnvironment());
    }

    /** The file's settings; without one, what a reader of the topics needs: the environment's brokers, or those of this machine. */
    public Settings readForTopics() {
        return file.map(ConfigOption::read).orElseGet(() -> configuration().ofBrokers());
    }

    /** A file's settings. */
    public static Settings read(Path file) {
        return configuration().of(file);
    }

    private static Configuration configuration() {
        return new Configuration(Providers.all(), System.getenv(), ConfigOption::secret, Instant.now());
    }

    private static Secret secret(Path file) {
        try {
            return SecretFile.open(file);
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + file, e);
        }
    }
}
