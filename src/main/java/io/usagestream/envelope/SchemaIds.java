package io.usagestream.envelope;

import io.usagestream.stream.Digest;
import io.vertx.core.Future;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The registry's ids of all record types: resolved together, before the first transaction. */
public record SchemaIds(Map<RecordType, Integer> ids) {
    public SchemaIds {
        ids = Map.copyOf(ids);
    }

    /** Registers every record type's schema and gives the ids. */
    public static Future<SchemaIds> register(SchemaRegistry registry, String prefix) {
        return resolve(type -> registry.register(type.subject(prefix), type.schemaText()));
    }

    /** Looks every record type's schema up and gives the ids. */
    public static Future<SchemaIds> lookUp(SchemaRegistry registry, String prefix) {
        return resolve(type -> registry.lookUp(type.subject(prefix), type.schemaText()));
    }

    /**
     * The ids that were kept.
     *
     * @return fewer than all types when some were never kept, or their schema has changed since
     */
    public static SchemaIds kept(Map<String, Integer> kept, String prefix) {
        Map<RecordType, Integer> ids = new EnumMap<>(RecordType.class);
        for (RecordType type : RecordType.values()) {
            Integer id = kept.get(name(type, prefix));
            if (id != null) {
                ids.put(type, id);
            }
        }
        return new SchemaIds(ids);
    }

    /** Whether no record type is missing. */
    public boolean complete() {
        return ids.size() == RecordType.values().length;
    }

    /** The ids as they are kept: by {@code <subject>:<digest of the schema>}. */
    public Map<String, Integer> toKeep(String prefix) {
        Map<String, Integer> kept = new TreeMap<>();
        ids.forEach((type, id) -> kept.put(name(type, prefix), id));
        return kept;
    }

    private interface Resolution {
        Future<Integer> id(RecordType type);
    }

    private static Future<SchemaIds> resolve(Resolution resolution) {
        RecordType[] types = RecordType.values();
        List<Future<Integer>> all = Arrays.stream(types).map(resolution::id).toList();
        return Future.all(all).map(done -> {
            Map<RecordType, Integer> ids = new EnumMap<>(RecordType.class);
            for (int i = 0; i < types.length; i++) {
                ids.put(types[i], done.resultAt(i));
            }
            return new SchemaIds(ids);
        });
    }

    private static String name(RecordType type, String prefix) {
        return type.subject(prefix) + ":" + Digest.of(type.schemaText()).hex();
    }
}
