package io.usagestream.deploy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A kustomization, rendered: the part of kustomize that this project uses, so that the manifests are looked at where there is no
 * kubectl. A field that it does not know is an error, and where there is a kubectl both must agree.
 */
final class Overlay {
    private static final Set<String> KNOWN = Set.of(
            "apiVersion",
            "kind",
            "namespace",
            "labels",
            "resources",
            "components",
            "images",
            "replicas",
            "patches",
            "secretGenerator",
            "configMapGenerator",
            "generatorOptions");
    private static final Set<String> CLUSTER_WIDE = Set.of("Namespace");

    private final Path folder;
    private final Map<String, Object> spec;

    private Overlay(Path folder) {
        this.folder = folder;
        this.spec = Yaml.documents(folder.resolve("kustomization.yaml")).get(0);
        spec.keySet().stream().filter(key -> !KNOWN.contains(key)).findFirst().ifPresent(key -> {
            throw new IllegalArgumentException(folder + ": the renderer does not know " + key);
        });
    }

    static List<Manifest> render(Path folder) {
        return new Overlay(folder).apply(new ArrayList<>());
    }

    private List<Manifest> apply(List<Manifest> given) {
        List<Manifest> all = new ArrayList<>(given);
        for (Object resource : entries("resources")) {
            Path path = folder.resolve(String.valueOf(resource)).normalize();
            all.addAll(
                    Files.isDirectory(path)
                            ? render(path)
                            : Yaml.documents(path).stream().map(Manifest::new).toList());
        }
        generate("ConfigMap", "configMapGenerator", all);
        generate("Secret", "secretGenerator", all);
        for (Object component : entries("components")) {
            all = new Overlay(folder.resolve(String.valueOf(component)).normalize()).apply(all);
        }
        for (Object patch : entries("patches")) {
            Path path = folder.resolve(String.valueOf(Yaml.map(patch).get("path")));
            Yaml.documents(path).forEach(new Patching(all)::apply);
        }
        all.forEach(this::transform);
        return all;
    }

    private void generate(String kind, String field, List<Manifest> all) {
        boolean unhashed = Boolean.TRUE.equals(
                Yaml.map(spec.getOrDefault("generatorOptions", Map.of())).get("disableNameSuffixHash"));
        if (!entries(field).isEmpty() && !unhashed) {
            throw new IllegalArgumentException(folder + ": the renderer does not hash names");
        }
        for (Object entry : entries(field)) {
            Map<String, Object> generator = Yaml.map(entry);
            Map<String, Object> content = new LinkedHashMap<>();
            for (Object literal : Yaml.list(generator.getOrDefault("literals", List.of()))) {
                String[] pair = String.valueOf(literal).split("=", 2);
                content.put(pair[0], kind.equals("Secret") ? base64(pair[1]) : pair[1]);
            }
            for (Object file : Yaml.list(generator.getOrDefault("files", List.of()))) {
                content.put(String.valueOf(file), Yaml.text(folder.resolve(String.valueOf(file))));
            }
            Map<String, Object> metadata = new LinkedHashMap<>();
            metadata.put("name", generator.get("name"));
            Map<String, Object> options = Yaml.map(generator.getOrDefault("options", Map.of()));
            if (options.containsKey("labels")) {
                metadata.put("labels", new LinkedHashMap<>(Yaml.map(options.get("labels"))));
            }
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("apiVersion", "v1");
            tree.put("kind", kind);
            tree.put("metadata", metadata);
            tree.put("data", content);
            if (kind.equals("Secret")) {
                tree.put("type", "Opaque");
            }
            all.add(new Manifest(tree));
        }
    }

    private void transform(Manifest manifest) {
        Map<String, Object> metadata = child(manifest.tree(), "metadata");
        if (spec.containsKey("namespace") && !CLUSTER_WIDE.contains(manifest.kind())) {
            metadata.put("namespace", spec.get("namespace"));
        }
        for (Object labels : entries("labels")) {
            child(metadata, "labels").putAll(Yaml.map(Yaml.map(labels).get("pairs")));
        }
        for (Object entry : entries("replicas")) {
            Map<String, Object> replicas = Yaml.map(entry);
            if (manifest.name().equals(replicas.get("name")) && manifest.kind().endsWith("Set")) {
                child(manifest.tree(), "spec").put("replicas", replicas.get("count"));
            }
        }
        for (Object entry : entries("images")) {
            Map<String, Object> image = Yaml.map(entry);
            Manifest.having("image", manifest.tree())
                    .filter(container -> Objects.equals(image.get("name"), container.get("image")))
                    .forEach(container -> container.put(
                            "image", image.getOrDefault("newName", image.get("name")) + ":" + image.get("newTag")));
        }
    }

    private List<Object> entries(String field) {
        return Yaml.list(spec.getOrDefault(field, List.of()));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, Object> child(Map<String, Object> parent, String key) {
        return Yaml.map(parent.computeIfAbsent(key, absent -> new LinkedHashMap<String, Object>()));
    }
}
