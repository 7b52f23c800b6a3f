package io.usagestream.deploy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Strategic merge patches: maps merge, lists of named things merge by what names them, other lists are replaced. */
record Patching(List<Manifest> targets) {
    /** What names the elements of a list, by the list's own key; every other list is replaced as a whole. */
    private static final Map<String, String> NAMING =
            Map.of("containers", "name", "env", "name", "volumes", "name", "volumeMounts", "mountPath");

    void apply(Map<String, Object> patch) {
        Manifest wanted = new Manifest(patch);
        Manifest target = targets.stream()
                .filter(m -> m.kind().equals(wanted.kind()) && m.name().equals(wanted.name()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("a patch for nothing: " + wanted));
        merge(target.tree(), patch);
    }

    private static void merge(Map<String, Object> target, Map<String, Object> patch) {
        patch.forEach((key, value) -> {
            Object old = target.get(key);
            if (value instanceof Map<?, ?> && old instanceof Map<?, ?>) {
                merge(Yaml.map(old), Yaml.map(value));
            } else if (value instanceof List<?> && old instanceof List<?> && NAMING.containsKey(key)) {
                target.put(key, mergeNamed(NAMING.get(key), Yaml.list(old), Yaml.list(value)));
            } else {
                target.put(key, value);
            }
        });
    }

    private static List<Object> mergeNamed(String naming, List<Object> old, List<Object> patch) {
        List<Object> merged = new ArrayList<>();
        List<Object> left = new ArrayList<>(old);
        for (Object element : patch) {
            Object name = Yaml.map(element).get(naming);
            Optional<Object> same = left.stream()
                    .filter(o -> Objects.equals(Yaml.map(o).get(naming), name))
                    .findFirst();
            Map<String, Object> result = new LinkedHashMap<>();
            same.ifPresent(o -> {
                left.remove(o);
                result.putAll(Yaml.map(o));
            });
            merge(result, Yaml.map(element));
            merged.add(result);
        }
        merged.addAll(left);
        return merged;
    }
}
