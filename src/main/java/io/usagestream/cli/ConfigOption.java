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
                "Without it: KAFKA_BOOTSTRAP_SERVERS with OPENAI_ADMIN_KEY and/or SCENARIO_SDK_API_KEY and SCENARIO_SDK_API_SECRET"
            })
    private Optional<Path> file = Optional.empty();

    /** The file's settings, or the environment's. */
    public Settings read() {
        return file.map(ConfigOption::read).orElseGet(() -> configuration().ofEnvironment());
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
