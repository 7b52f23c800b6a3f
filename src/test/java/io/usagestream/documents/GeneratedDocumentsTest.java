package io.usagestream.documents;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.source.openai.OpenAi;
import io.usagestream.source.scenario.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/** Keeps documents equal to what they are made from; {@code -Dregenerate} writes them. */
class GeneratedDocumentsTest {
    private static final Path DOCS = Path.of("docs");

    @Test
    void theDataDictionarySaysWhatSchemasAndStreamsAre() throws IOException {
        same(
                "data-dictionary.md",
                DataDictionary.of(List.of(new OpenAi(Clock.systemUTC()), new Scenario(Clock.systemUTC()))));
    }

    @Test
    void theAsyncApiDescriptionSaysWhatTopicsAre() throws IOException {
        same("asyncapi.yaml", AsyncApi.text());
    }

    @Test
    void everyFieldOfEverySchemaSaysWhatItMeans() throws IOException {
        try (var files = Files.list(Path.of("avro"))) {
            List<Path> schemas = files.filter(Files::isRegularFile).toList();
            assertThat(schemas).isNotEmpty();
            for (Path file : schemas) {
                Schema schema = new Schema.Parser().parse(Files.readString(file));
                assertThat(schema.getDoc()).as(file.toString()).isNotBlank();
                assertThat(schema.getFields())
                        .as(file.toString())
                        .allSatisfy(field ->
                                assertThat(field.doc()).as(field.name()).isNotBlank());
            }
        }
    }

    private static void same(String name, String expected) throws IOException {
        Path file = DOCS.resolve(name);
        if (System.getProperty("regenerate") != null) {
            Files.writeString(file, expected);
        }
        assertThat(file)
                .as(
                        "%s is not what the program is any more: run this test with -Dregenerate and read the difference",
                        name)
                .exists();
        assertThat(Files.readString(file))
                .as(
                        "%s is not what the program is any more: run this test with -Dregenerate and read the difference",
                        name)
                .isEqualTo(expected);
    }
}
