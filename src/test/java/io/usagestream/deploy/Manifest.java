package io.usagestream.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** One object of Kubernetes, as a tree. */
record Manifest(Map<String, Object> tree) {
    String kind() {
        return String.valueOf(tree.get("kind"));
    }

    String apiVersion() {
        return String.valueOf(tree.get("apiVersion"));
    }

    String name() {
        return at("metadata", "name").map(String::valueOf).orElse("");
    }

    /** What lies at a path of keys. */
    Optional<Object> at(String... path) {
        Optional<Object> here = Optional.of(tree);
        for (String key : path) {
            here = here.filter(Map.class::isInstance).map(node -> Yaml.map(node).get(key));
        }
        return here;
    }

    List<Map<String, Object>> maps(String... path) {
        return at(path).stream()
                .flatMap(list -> Yaml.list(list).stream())
                .map(Yaml::map)
                .toList();
    }

    /** Every map in the tree that has the key. */
    static Stream<Map<String, Object>> having(String key, Object tree) {
        List<Map<String, Object>> found = new ArrayList<>();
        collect(key, tree, found);
        return found.stream();
    }

    private static void collect(String key, Object node, List<Map<String, Object>> found) {
        if (node instanceof Map<?, ?>) {
            Map<String, Object> map = Yaml.map(node);
            if (map.containsKey(key)) {
                found.add(map);
            }
            map.values().forEach(value -> collect(key, value, found));
        } else if (node instanceof List<?> list) {
            list.forEach(value -> collect(key, value, found));
        }
    }

    @Override
    public String toString() {
        return kind() + "/" + name();
    }
}
