package io.usagestream.envelope;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;

/**
 * Every schema that records of one type were written with since there are topics that hold them, so that a version reads what an
 * older one wrote, without a registry too. It is kept in {@code avro/history}, a line each; the last line is today's.
 */
final class SchemaHistory {
    private static final Map<String, List<Schema>> OLDER = new ConcurrentHashMap<>();

    private SchemaHistory() {}

    /** What was written with before a type's schema of today, the oldest first. */
    static List<Schema> older(Schema today) {
        return OLDER.computeIfAbsent(today.getName(), type -> {
            List<String> lines = lines(type);
            return parsed(lines.subList(0, lines.size() - 1));
        });
    }

    /**
     * All schemas of a type, the oldest first.
     *
     * @throws IllegalStateException when no history of that type is kept
     */
    static List<Schema> all(String type) {
        return parsed(lines(type));
    }

    private static List<Schema> parsed(List<String> lines) {
        return lines.stream().map(line -> new Schema.Parser().parse(line)).toList();
    }

    private static List<String> lines(String type) {
        String resource = "history/" + type + ".jsonl";
        try (InputStream in = SchemaHistory.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("no " + resource + " beside this class: avro/" + resource);
            }
            return new BufferedReader(new InputStreamReader(in, UTF_8)).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(resource, e);
        }
    }
}
