package io.usagestream.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The compose file against the compose specification, and against the files that it names. */
class ComposeTest {
    /** Made by whoever runs it on their own accounts. */
    private static final String OWN_SECRETS = "./compose/secrets/";

    private final Map<String, Object> compose =
            Yaml.documents(Path.of("docker-compose.yml")).get(0);
    private final Map<String, Object> services = Yaml.map(compose.get("services"));

    @Test
    void the_file_is_valid_by_the_compose_specification() throws IOException {
        JsonNode tree = new ObjectMapper().valueToTree(compose);
        assertThat(specification().validate(tree)).isEmpty();
    }

    @Test
    void a_misspelt_key_is_found() throws IOException {
        JsonNode wrong =
                new ObjectMapper().readTree("{\"services\": {\"a\": {\"image\": \"b\", \"restrat\": \"no\"}}}");
        assertThat(specification().validate(wrong)).isNotEmpty();
    }

    /** The specification's own schema, less its {@code id}s: they are of an older draft than the one that it says it is of. */
    private static JsonSchema specification() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(ComposeTest.class.getResourceAsStream("/compose/compose-spec.json"))) {
            JsonNode schema = new ObjectMapper().readTree(in);
            schema.findParents("id").stream()
                    .filter(node -> node.get("id").isTextual())
                    .forEach(node -> ((ObjectNode) node).remove("id"));
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V201909)
                    .getSchema(schema);
        }
    }

    @Test
    void every_service_depends_on_services_that_say_when_they_are_ready() {
        services.forEach((name, service) -> dependencies(service).forEach((other, how) -> {
            assertThat(services).as(name + " depends on").containsKey(other);
            Object condition = Yaml.map(how).get("condition");
            Map<String, Object> needed = Yaml.map(services.get(other));
            if ("service_healthy".equals(condition)) {
                assertThat(needed).as(other).containsKey("healthcheck");
            }
            assertThat(profiles(needed).isEmpty() || profiles(needed).containsAll(profiles(Yaml.map(service))))
                    .as(name + " is not started without " + other)
                    .isTrue();
        }));
    }

    @Test
    void every_file_that_is_mounted_is_in_the_project() {
        services.values()
                .forEach(service -> Manifest.having("volumes", service)
                        .flatMap(s -> Yaml.list(s.get("volumes")).stream())
                        .map(volume -> String.valueOf(volume)
                                .replaceAll("\\$\\{\\w+:-([^}]*)}", "$1")
                                .split(":", 2)[0])
                        .forEach(source -> {
                            if (source.startsWith("./")) {
                                assertThat(Path.of(source)).exists();
                            } else {
                                assertThat(Yaml.map(compose.get("volumes"))).containsKey(source);
                            }
                        }));
    }

    @Test
    void every_secret_is_a_file() {
        Map<String, Object> secrets = Yaml.map(compose.get("secrets"));
        services.forEach((name, service) -> Yaml.list(Yaml.map(service).getOrDefault("secrets", List.of()))
                .forEach(secret -> assertThat(secrets).as(name).containsKey(String.valueOf(secret))));
        secrets.forEach((name, secret) -> {
            String file = String.valueOf(Yaml.map(secret).get("file"));
            assertThat(file.startsWith(OWN_SECRETS) || Files.exists(Path.of(file)))
                    .as(name)
                    .isTrue();
        });
    }

    @Test
    void services_have_no_capabilities_and_our_own_write_nowhere() {
        services.forEach((name, value) -> {
            Map<String, Object> service = Yaml.map(value);
            assertThat(service).as(name).containsEntry("cap_drop", List.of("ALL"));
            assertThat(service).as(name).containsEntry("security_opt", List.of("no-new-privileges:true"));
            assertThat(service.get("privileged")).as(name).isNull();
            if (!name.equals("kafka")) { // its entry point writes its configuration
                assertThat(service).as(name).containsEntry("read_only", true);
            }
            Manifest.having("ports", service)
                    .flatMap(s -> Yaml.list(s.get("ports")).stream())
                    .forEach(port -> assertThat(String.valueOf(port)).as(name).startsWith("127.0.0.1:"));
        });
    }

    @Test
    void without_a_named_profile_it_is_the_service_on_own_accounts() {
        assertThat(Yaml.text(Path.of(".env"))).contains("COMPOSE_PROFILES=live");
        assertThat(profiles(Yaml.map(services.get("usagestream")))).containsExactly("live");
    }

    private static Set<Object> profiles(Map<String, Object> service) {
        return Set.copyOf(Yaml.list(service.getOrDefault("profiles", List.of())));
    }

    private static Map<String, Object> dependencies(Object service) {
        return Yaml.map(Yaml.map(service).getOrDefault("depends_on", Map.of()));
    }
}
