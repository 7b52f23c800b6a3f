package io.usagestream.deploy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The secrets that Strimzi's operators make, with their keys: a user's is called like the user, that of a cluster's authority
 * begins with the cluster's name.
 */
final class StrimziSecrets {
    private StrimziSecrets() {}

    static Map<String, Set<String>> of(List<Manifest> all) {
        Map<String, Set<String>> secrets = new TreeMap<>();
        all.stream().filter(manifest -> manifest.kind().equals("KafkaUser")).forEach(user -> {
            secrets.put(user.name(), keys(user));
            secrets.put(cluster(user) + "-cluster-ca-cert", Set.of("ca.crt", "ca.p12", "ca.password"));
        });
        return secrets;
    }

    private static Set<String> keys(Manifest user) {
        String authentication =
                String.valueOf(user.at("spec", "authentication", "type").orElseThrow());
        return switch (authentication) {
            case "scram-sha-512" -> Set.of("password", "sasl.jaas.config");
            case "tls" -> Set.of("ca.crt", "user.crt", "user.key", "user.p12", "user.password");
            default -> throw new IllegalArgumentException(user + ": what secret has " + authentication + "?");
        };
    }

    private static String cluster(Manifest manifest) {
        return manifest.at("metadata", "labels")
                .map(Yaml::map)
                .map(labels -> String.valueOf(labels.get("strimzi.io/cluster")))
                .orElseThrow();
    }
}
