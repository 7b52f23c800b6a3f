package io.usagestream.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.usagestream.avro.LaneState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.SchemaValidationException;
import org.apache.avro.SchemaValidator;
import org.apache.avro.SchemaValidatorBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What was ever written can be read, and what is written can be read by those who know an older schema only. A changed schema is
 * appended to its history with {@code -Dregenerate}.
 */
class SchemaHistoryTest {
    private static final Path SCHEMAS = Path.of("avro");
    private static final SchemaValidator EACH_WAY =
            new SchemaValidatorBuilder().mutualReadStrategy().validateAll();

    static Stream<String> types() throws IOException {
        try (var files = Files.list(SCHEMAS)) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".avsc"))
                    .map(name -> name.substring(0, name.length() - ".avsc".length()))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("types")
    void the_schema_of_today_is_the_last_of_its_history(String type) throws IOException {
        Schema today = new Schema.Parser().parse(Files.readString(SCHEMAS.resolve(type + ".avsc")));
        Path file = SCHEMAS.resolve("history").resolve(type + ".jsonl");
        List<Schema> history = kept(file);
        if (System.getProperty("regenerate") != null && !history.contains(today)) {
            Files.writeString(file, today + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            history = kept(file);
        }
        assertThat(history)
                .as("%s: a schema that changed is appended with -Dregenerate; what was written with stays", file)
                .last()
                .isEqualTo(today);
    }

    private static List<Schema> kept(Path file) throws IOException {
        return Files.exists(file)
                ? Files.readAllLines(file).stream()
                        .map(line -> new Schema.Parser().parse(line))
                        .toList()
                : List.of();
    }

    @ParameterizedTest
    @MethodSource("types")
    void all_schemas_of_a_type_read_what_any_other_wrote(String type) throws SchemaValidationException {
        List<Schema> history = SchemaHistory.all(type);
        for (int n = 1; n < history.size(); n++) {
            EACH_WAY.validate(history.get(n), history.subList(0, n));
        }
        assertThat(history.stream().map(SchemaNormalization::parsingFingerprint64))
                .as("a record names its schema by a fingerprint that knows nothing of units and scales: they stay")
                .doesNotHaveDuplicates();
    }

    /** So that the test above can fail. */
    @Test
    void a_field_may_come_with_a_default_and_no_other_way() throws SchemaValidationException {
        Schema one = fields("a").endRecord();
        EACH_WAY.validate(fields("a").name("b").type().intType().intDefault(0).endRecord(), List.of(one));
        assertThatThrownBy(() -> EACH_WAY.validate(fields("a", "b").endRecord(), List.of(one)))
                .isInstanceOf(SchemaValidationException.class);
        assertThatThrownBy(() -> EACH_WAY.validate(fields("c").endRecord(), List.of(one)))
                .isInstanceOf(SchemaValidationException.class);
        assertThatThrownBy(() -> EACH_WAY.validate(fields().endRecord(), List.of(one)))
                .isInstanceOf(SchemaValidationException.class);
    }

    private static SchemaBuilder.FieldAssembler<Schema> fields(String... names) {
        SchemaBuilder.FieldAssembler<Schema> fields = SchemaBuilder.record("R").fields();
        for (String name : names) {
            fields = fields.requiredInt(name);
        }
        return fields;
    }

    @Test
    void private_records_are_read_with_the_schema_that_they_were_written_with() throws IOException {
        Schema today = LaneState.getClassSchema();
        Schema older = SchemaBuilder.record(today.getName())
                .namespace(today.getNamespace())
                .fields()
                .requiredInt("format")
                .requiredInt("lanes")
                .requiredString("cluster_id")
                .name("schema_ids")
                .type()
                .map()
                .values()
                .intType()
                .noDefault()
                .requiredString("gone_since")
                .endRecord();
        GenericRecord record = new GenericData.Record(older);
        record.put("format", 1);
        record.put("lanes", 12);
        record.put("cluster_id", "a cluster");
        record.put("schema_ids", Map.of("points", 7));
        record.put("gone_since", "then");
        byte[] bytes =
                SingleObject.array(new BinaryMessageEncoder<GenericRecord>(GenericData.get(), older).encode(record));

        var unaware = new BinaryMessageDecoder<LaneState>(new SpecificData(), today);
        assertThatThrownBy(() -> SingleObject.read(unaware, bytes)).isInstanceOf(UnreadableException.class);
        LaneState read = SingleObject.read(SingleObject.decoder(unaware, List.of(older)), bytes);
        assertThat(read.getLanes()).isEqualTo(12);
        assertThat(read.getSchemaIds()).containsEntry("points", 7);
    }
}
