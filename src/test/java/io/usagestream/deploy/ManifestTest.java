package io.usagestream.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every overlay is rendered, read strictly, and its references followed. */
class ManifestTest {
    private static final Path OVERLAYS = Path.of("k8s", "overlays");

    /** What the prod overlay expects a person to have made, with the keys that it reads. */
    private static final Map<String, Set<String>> BY_HAND =
            Map.of("usagestream-accounts", Set.of("openai-admin-key", "scenario-api-key", "scenario-api-secret"));

    @ParameterizedTest
    @ValueSource(strings = {"dev", "prod"})
    void every_field_is_one_that_the_api_knows(String overlay) {
        StrictModel model = new StrictModel();
        assertThat(Overlay.render(OVERLAYS.resolve(overlay)).stream().flatMap(m -> model.problems(m).stream()))
                .isEmpty();
    }

    @Test
    void a_misspelt_field_is_found() {
        Manifest service = new Manifest(Yaml.documents(
                        "{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: [{port: 1, targtPort: 2}]}}")
                .get(0));
        assertThat(new StrictModel().problems(service))
                .containsExactly("Service/a.spec.ports[]: no such field as targtPort");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dev", "prod"})
    void kubectl_renders_the_same_where_there_is_one(String overlay) throws IOException, InterruptedException {
        assumeThat(kubectl("version", "--client")).as("kubectl is there").isPresent();
        String rendered =
                kubectl("kustomize", OVERLAYS.resolve(overlay).toString()).orElseThrow();
        assertThat(byName(Overlay.render(OVERLAYS.resolve(overlay))))
                .isEqualTo(byName(
                        Yaml.documents(rendered).stream().map(Manifest::new).toList()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dev", "prod"})
    void every_name_that_a_pod_uses_exists(String overlay) {
        List<Manifest> all = Overlay.render(OVERLAYS.resolve(overlay));
        Map<String, Set<String>> secrets = new TreeMap<>(StrimziSecrets.of(all));
        if (overlay.equals("prod")) {
            secrets.putAll(BY_HAND);
        }
        all.stream().filter(m -> m.kind().equals("Secret")).forEach(m -> secrets.put(m.name(), keys(m)));
        Set<String> maps = names(all, "ConfigMap");
        for (Manifest workload : workloads(all)) {
            Map<String, Object> pod = pod(workload);
            Manifest.having("secretName", pod)
                    .forEach(s -> assertThat(secrets).containsKey(String.valueOf(s.get("secretName"))));
            Manifest.having("secretKeyRef", pod)
                    .map(e -> Yaml.map(e.get("secretKeyRef")))
                    .forEach(s -> {
                        assertThat(secrets).containsKey(String.valueOf(s.get("name")));
                        assertThat(secrets.get(String.valueOf(s.get("name")))).contains(String.valueOf(s.get("key")));
                    });
            Stream.of("configMap", "configMapRef")
                    .flatMap(key -> Manifest.having(key, pod)
                            .map(e -> Yaml.map(e.get(key)).get("name")))
                    .forEach(name -> assertThat(maps).contains(String.valueOf(name)));
            if (pod.containsKey("serviceAccountName")) {
                assertThat(names(all, "ServiceAccount")).contains(String.valueOf(pod.get("serviceAccountName")));
            }
            workload.at("spec", "serviceName")
                    .ifPresent(name -> assertThat(names(all, "Service")).contains(String.valueOf(name)));
            containers(pod).forEach(container -> mountsAndPorts(container, pod));
        }
    }

    @Test
    void no_secret_is_made_by_two() {
        List<Manifest> all = Overlay.render(OVERLAYS.resolve("prod"));
        assertThat(StrimziSecrets.of(all))
                .as("Strimzi would write over it")
                .isNotEmpty()
                .doesNotContainKeys(BY_HAND.keySet().toArray(String[]::new))
                .doesNotContainKeys(names(all, "Secret").toArray(String[]::new));
    }

    private static void mountsAndPorts(Map<String, Object> container, Map<String, Object> pod) {
        Set<Object> volumes = Manifest.having("name", pod.getOrDefault("volumes", List.of()))
                .map(v -> v.get("name"))
                .collect(Collectors.toSet());
        Manifest.having("mountPath", container)
                .forEach(mount -> assertThat(volumes).contains(mount.get("name")));
        Set<Object> ports = Yaml.list(container.get("ports")).stream()
                .map(port -> Yaml.map(port).get("name"))
                .collect(Collectors.toSet());
        Stream.of("httpGet", "tcpSocket")
                .flatMap(key -> Manifest.having(key, container)
                        .map(probe -> Yaml.map(probe.get(key)).get("port")))
                .forEach(port -> assertThat(ports).contains(port));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dev", "prod"})
    void every_selector_selects_a_pod_and_its_ports(String overlay) {
        List<Manifest> all = Overlay.render(OVERLAYS.resolve(overlay));
        for (Manifest manifest : all) {
            switch (manifest.kind()) {
                case "Service" -> {
                    Manifest selected = selected(all, manifest.at("spec", "selector"), manifest);
                    for (Map<String, Object> port : manifest.maps("spec", "ports")) {
                        assertThat(portNames(selected)).contains(port.get("targetPort"));
                    }
                }
                case "NetworkPolicy" -> selected(all, manifest.at("spec", "podSelector", "matchLabels"), manifest);
                case "PodMonitor" -> {
                    Manifest selected = selected(all, manifest.at("spec", "selector", "matchLabels"), manifest);
                    for (Map<String, Object> endpoint : manifest.maps("spec", "podMetricsEndpoints")) {
                        assertThat(portNames(selected)).contains(endpoint.get("port"));
                    }
                }
                case "PodDisruptionBudget", "StatefulSet", "Deployment" ->
                    selected(all, manifest.at("spec", "selector", "matchLabels"), manifest);
                default -> {}
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dev", "prod"})
    void pods_pass_the_restricted_standard(String overlay) {
        List<Manifest> all = Overlay.render(OVERLAYS.resolve(overlay));
        assertThat(all)
                .filteredOn(m -> m.kind().equals("Namespace"))
                .singleElement()
                .satisfies(namespace -> assertThat(namespace
                                .at("metadata", "labels")
                                .map(Yaml::map)
                                .orElseThrow())
                        .containsEntry("pod-security.kubernetes.io/enforce", "restricted"));
        for (Manifest workload : workloads(all)) {
            assertThat(Restricted.problems(pod(workload)))
                    .as(workload.toString())
                    .isEmpty();
        }
    }

    @Test
    void a_pod_that_may_too_much_is_found() {
        Map<String, Object> pod =
                pod(workloads(Overlay.render(OVERLAYS.resolve("dev"))).get(0));
        Map<String, Object> host = new LinkedHashMap<>(pod);
        host.put("hostNetwork", true);
        host.remove("securityContext");
        assertThat(Restricted.problems(host))
                .contains("hostNetwork is set", "runAsNonRoot is not true", "seccompProfile is not RuntimeDefault");
    }

    private static Manifest selected(List<Manifest> all, Optional<Object> labels, Manifest by) {
        assertThat(labels).as(by + " selects by labels").isPresent();
        Map<String, Object> wanted = Yaml.map(labels.orElseThrow());
        assertThat(wanted).as(by + " does not select everything").isNotEmpty();
        return workloads(all).stream()
                .filter(w -> Yaml.map(
                                w.at("spec", "template", "metadata", "labels").orElseThrow())
                        .entrySet()
                        .containsAll(wanted.entrySet()))
                .findFirst()
                .orElseThrow(() -> new AssertionError(by + " selects nothing: " + wanted));
    }

    private static Set<Object> portNames(Manifest workload) {
        return containers(pod(workload)).stream()
                .flatMap(c -> Yaml.list(c.get("ports")).stream())
                .map(port -> Yaml.map(port).get("name"))
                .collect(Collectors.toSet());
    }

    private static List<Manifest> workloads(List<Manifest> all) {
        return all.stream()
                .filter(m -> m.at("spec", "template", "spec").isPresent())
                .toList();
    }

    private static Map<String, Object> pod(Manifest workload) {
        return Yaml.map(workload.at("spec", "template", "spec").orElseThrow());
    }

    private static List<Map<String, Object>> containers(Map<String, Object> pod) {
        return Yaml.list(pod.get("containers")).stream().map(Yaml::map).toList();
    }

    private static Set<String> names(List<Manifest> all, String kind) {
        return all.stream()
                .filter(m -> m.kind().equals(kind))
                .map(Manifest::name)
                .collect(Collectors.toSet());
    }

    private static Set<String> keys(Manifest manifest) {
        return new HashSet<>(Yaml.map(manifest.at("data").orElseThrow()).keySet());
    }

    /** Trees by kind and name, lists of named things in any order, as the API server sees them. */
    private static Map<String, Object> byName(Collection<Manifest> all) {
        Map<String, Object> trees = new TreeMap<>();
        all.forEach(m -> trees.put(m.toString(), unordered(m.tree())));
        return trees;
    }

    private static Object unordered(Object node) {
        if (node instanceof Map<?, ?>) {
            Map<String, Object> sorted = new TreeMap<>();
            Yaml.map(node).forEach((key, value) -> sorted.put(key, unordered(value)));
            return sorted;
        }
        return node instanceof List<?> list
                ? list.stream()
                        .map(ManifestTest::unordered)
                        .sorted(Comparator.comparing(Object::toString))
                        .toList()
                : node;
    }

    private static Optional<String> kubectl(String... arguments) throws IOException, InterruptedException {
        try {
            Process process = new ProcessBuilder(Stream.concat(Stream.of("kubectl"), Stream.of(arguments))
                            .toList())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? Optional.of(out) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
