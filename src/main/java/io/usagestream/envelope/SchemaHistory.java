package io.usagestream.envelope;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;

/**
 * Every schema that records of one type were written with since there are topics that hold them, so that a version reads what an
 * older one wrote, without a registry too. It is kept in {@code avro/history}, a line each; the last line is today's.
 */
final class SchemaHistory {
    private SchemaHistory() {}

    /** What was written with before a type's schema of today, the oldest first. */
    static List<Schema> older(Schema today) {
        long own = SchemaNormalization.parsingFingerprint64(today);
        return all(today.getName()).stream()
                .filter(schema -> SchemaNormalization.parsingFingerprint64(schema) != own)
                .toList();
    }

    /**
     * All schemas of a type, the oldest first.
     *
     * @throws IllegalStateException when no history of that type is kept
     */
    static List<Schema> all(String type) {
        String resource = "history/" + type + ".jsonl";
        try (InputStream in = SchemaHistory.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("no " + resource + " beside this class: avro/" + resource);
            }
            return new BufferedReader(new InputStreamReader(in, UTF_8))
                    .lines()
                    .map(line -> new Schema.Parser().parse(line))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(resource, e);
        }
    }
}
