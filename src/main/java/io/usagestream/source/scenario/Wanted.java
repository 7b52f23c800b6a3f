package io.usagestream.source.scenario;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The fields of entities that may be materialised. None is by default but ids and names of things that are no persons: names,
 * mail addresses, pictures and prompts only when someone named the field ({@code users.email}).
 */
final class Wanted {
    private static final List<String> BY_DEFAULT =
            List.of("models.name", "collections.name", "assets.name", "jobs.name");

    private final Map<String, Set<String>> fields = new HashMap<>();

    /** @param named as {@code section.field}; none: the default */
    Wanted(List<String> named) {
        for (String field : named.isEmpty() ? BY_DEFAULT : named) {
            int dot = field.indexOf('.');
            String section = dot < 0 ? field : field.substring(0, dot);
            Set<String> ofSection = fields.computeIfAbsent(section, s -> new LinkedHashSet<>());
            if (dot >= 0) {
                ofSection.add(field.substring(dot + 1));
            }
        }
    }

    boolean section(String section) {
        return fields.containsKey(section);
    }

    boolean field(String section, String field) {
        return fields.getOrDefault(section, Set.of()).contains(field);
    }
}
