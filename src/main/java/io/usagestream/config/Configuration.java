package io.usagestream.config;

import io.usagestream.config.Node.Mapping;
import io.usagestream.source.Provider;
import io.usagestream.source.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Reads settings out of a file or, where there is none, out of the environment alone. */
public final class Configuration {
    /** Stands in for a file's name where there is no file. */
    public static final String ENVIRONMENT = "the environment";

    private static final long LARGEST_FILE = 64 << 20;

    private final List<Provider> providers;
    private final Map<String, String> environment;
    private final Function<Path, Secret> secretFiles;
    private final Instant now;

    /**
     * @param providers what {@code provider:} may name
     * @param environment the variables
     * @param secretFiles opens a file that holds a credential
     * @param now history cannot begin later
     */
    public Configuration(
            List<Provider> providers,
            Map<String, String> environment,
            Function<Path, Secret> secretFiles,
            Instant now) {
        this.providers = List.copyOf(providers);
        this.environment = Map.copyOf(environment);
        this.secretFiles = secretFiles;
        this.now = now;
    }

    /**
     * The settings of a file.
     *
     * @throws ConfigurationException with everything that is wrong
     */
    public Settings of(Path file) {
        Problems problems = new Problems();
        Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file);
        return settings(file.toString(), folder, text(file), problems, true);
    }

    /**
     * The settings of an environment that names credentials and brokers.
     *
     * @throws ConfigurationException with everything that is wrong
     */
    public Settings ofEnvironment() {
        Problems problems = new Problems();
        String text = EnvironmentStart.text(providers, environment, problems);
        return settings(ENVIRONMENT, Path.of("").toAbsolutePath(), text, problems, true);
    }

    /**
     * The settings of who only reads the topics: the brokers that the environment names, or one on this machine; no sources.
     *
     * @throws ConfigurationException with everything that is wrong
     */
    public Settings ofBrokers() {
        return settings(ENVIRONMENT, Path.of("").toAbsolutePath(), EnvironmentStart.READER, new Problems(), false);
    }

    private Settings settings(String origin, Path folder, String text, Problems problems, boolean sourcesNeeded) {
        Optional<Mapping> root = problems.isEmpty()
                ? new YamlFile(new Placeholders(environment), problems).read(text)
                : Optional.empty();
        Optional<Settings> settings = root.map(mapping -> {
            SecretReader secrets = new SecretReader(folder, secretFiles);
            ProxyReader proxies = new ProxyReader(environment, problems);
            SourceReader sources = new SourceReader(providers, secrets, proxies, now, sourcesNeeded);
            return new SettingsReader(sources, secrets, environment).read(new Section("", mapping, problems));
        });
        if (settings.isEmpty() || !problems.isEmpty()) {
            throw new ConfigurationException(origin, problems.inOrder());
        }
        return settings.get();
    }

    private static String text(Path file) {
        try {
            if (Files.isDirectory(file)) {
                throw new ConfigurationException(
                        file.toString(), List.of(new Problem(0, "", "is a folder, not a file")));
            }
            if (Files.size(file) > LARGEST_FILE) {
                throw new ConfigurationException(file.toString(), List.of(new Problem(0, "", "is larger than 64 MiB")));
            }
            return Files.readString(file);
        } catch (IOException e) {
            String why = Files.exists(file) ? "cannot be read as text in UTF-8" : "there is no such file";
            throw new ConfigurationException(file.toString(), List.of(new Problem(0, "", why)));
        }
    }
}
