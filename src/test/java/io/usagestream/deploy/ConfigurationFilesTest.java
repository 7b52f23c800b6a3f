package io.usagestream.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.config.Configuration;
import io.usagestream.config.Settings;
import io.usagestream.source.Secret;
import io.usagestream.source.openai.OpenAi;
import io.usagestream.source.scenario.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The configurations that deployments carry, read as the service reads them. */
class ConfigurationFilesTest {
    private static final Map<String, String> ENVIRONMENT =
            Map.of("KAFKA_BOOTSTRAP_SERVERS", "kafka:9092", "KAFKA_PASSWORD", "secret", "POD_NAME", "usagestream-0");

    private static final Pattern SECRET = Pattern.compile("/run/secrets/[a-z/.-]+");

    @TempDir
    private Path folder = Path.of("");

    @ParameterizedTest
    @ValueSource(strings = {"compose/usagestream.yaml", "compose/demo.yaml"})
    void compose_configurations_are_right(String file) throws IOException {
        assertThat(read(Yaml.text(Path.of(file))).sources()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dev", "prod"})
    void config_maps_are_right(String overlay) throws IOException {
        Manifest map = Overlay.render(Path.of("k8s", "overlays", overlay)).stream()
                .filter(m -> m.kind().equals("ConfigMap") && m.name().equals("usagestream"))
                .findFirst()
                .orElseThrow();
        Settings settings =
                read(String.valueOf(map.at("data", "usagestream.yaml").orElseThrow()));
        assertThat(settings.sources()).hasSize(2);
        assertThat(settings.instance()).isEqualTo("usagestream-0");
    }

    /** Secrets lie in a folder of the test instead of where a container has them. */
    private Settings read(String text) throws IOException {
        Matcher secrets = SECRET.matcher(text);
        while (secrets.find()) {
            Path secret = Path.of(folder + secrets.group());
            Files.createDirectories(Objects.requireNonNull(secret.getParent()));
            Files.writeString(secret, "key");
        }
        Path file = folder.resolve("usagestream.yaml");
        Files.writeString(file, SECRET.matcher(text).replaceAll(found -> folder + found.group()));
        return read(file);
    }

    private static Settings read(Path file) {
        Clock clock = Clock.systemUTC();
        return new Configuration(
                        List.of(new OpenAi(clock), new Scenario(clock)),
                        ENVIRONMENT,
                        path -> Secret.of("key"),
                        Instant.parse("2026-11-21T00:00:00Z"))
                .of(file);
    }
}
