package io.usagestream.deploy;

import io.usagestream.documents.PermissionTable.Rule;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** What the manifests for Kafka with TLS and passwords say, for tests that live by it. */
public final class SecuredManifests {
    private static final Path COMPONENTS = Path.of("k8s", "components");

    private SecuredManifests() {}

    /** The properties of the clients, with the environment filled in. */
    public static Map<String, String> kafka(Map<String, String> environment) {
        Manifest map =
                new Manifest(Yaml.documents(COMPONENTS.resolve("kafka-tls-sasl").resolve("config.yaml"))
                        .get(0));
        String text = String.valueOf(map.at("data", "usagestream.yaml").orElseThrow());
        for (Map.Entry<String, String> variable : environment.entrySet()) {
            text = text.replace("${" + variable.getKey() + "}", variable.getValue());
        }
        Map<String, String> properties = new LinkedHashMap<>();
        Yaml.map(Yaml.documents(text).get(0).get("kafka"))
                .forEach((name, value) -> properties.put(name, String.valueOf(value)));
        return properties;
    }

    /** What the user may do. */
    public static Set<Rule> permissions() {
        Manifest user =
                new Manifest(Yaml.documents(COMPONENTS.resolve("strimzi").resolve("user.yaml"))
                        .get(0));
        Set<Rule> rules = new LinkedHashSet<>();
        for (Map<String, Object> acl : user.maps("spec", "authorization", "acls")) {
            Map<String, Object> resource = Yaml.map(acl.get("resource"));
            for (Object operation : Yaml.list(acl.get("operations"))) {
                rules.add(new Rule(
                        String.valueOf(resource.get("type")),
                        String.valueOf(resource.get("name")),
                        String.valueOf(resource.get("patternType")),
                        String.valueOf(operation)));
            }
        }
        return rules;
    }
}
