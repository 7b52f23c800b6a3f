package io.usagestream.source.openai;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.usagestream.source.Drift;
import io.usagestream.source.Given;
import io.usagestream.source.SourceSettings.UserIds;
import io.usagestream.source.StreamType;
import io.usagestream.source.UserNames;
import io.usagestream.source.json.Redaction;
import io.usagestream.stream.Grain;
import io.usagestream.stream.Page;
import io.usagestream.stream.Point;
import io.usagestream.stream.Window;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The sample page of every endpoint in OpenAI's own description, read as the contract says. */
class OpenAiSamplesTest {
    private static final OpenAi PROVIDER = new OpenAi(InstantSource.system());
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> UNITS = Map.of(
            "num_requests", "requests",
            "num_model_requests", "requests",
            "num_sessions", "sessions",
            "usage_bytes", "bytes",
            "images", "images",
            "characters", "characters",
            "seconds", "seconds");

    @Test
    void every_sample_is_read_whole() throws Exception {
        List<String> read = new ArrayList<>();
        try (InputStream in = OpenAiSamplesTest.class.getResourceAsStream("/openai/openapi.yaml")) {
            for (Map.Entry<String, JsonNode> path :
                    YAML.readTree(in).get("paths").properties()) {
                String sample =
                        path.getValue().at("/get/x-oaiMeta/examples/response").asText();
                StreamType type = PROVIDER.streams().stream()
                        .filter(t -> t.path().equals(path.getKey()))
                        .findFirst()
                        .orElseThrow();
                check(type, sample);
                read.add(type.name());
            }
        }
        assertThat(read).hasSize(11).contains("costs", "completions", "web_search_calls");
    }

    @Test
    void the_groupings_are_those_of_the_description() throws Exception {
        try (InputStream in = OpenAiSamplesTest.class.getResourceAsStream("/openai/openapi.yaml")) {
            for (Map.Entry<String, JsonNode> path :
                    YAML.readTree(in).get("paths").properties()) {
                StreamType type = PROVIDER.streams().stream()
                        .filter(t -> t.path().equals(path.getKey()))
                        .findFirst()
                        .orElseThrow();
                for (JsonNode parameter : path.getValue().at("/get/parameters")) {
                    if (parameter.get("name").asText().startsWith("group_by")) {
                        List<String> described = new ArrayList<>();
                        parameter.at("/schema/items/enum").forEach(name -> described.add(name.asText()));
                        if (type.name().equals("costs")) {
                            assertThat(described).containsExactlyInAnyOrder("project_id", "line_item", "api_key_id");
                            assertThat(type.dimensions()).containsExactly("project_id", "line_item");
                            assertThat(type.optionalDimensions()).contains("api_key_id");
                        } else {
                            assertThat(type.dimensions())
                                    .as(type.name())
                                    .containsExactlyInAnyOrderElementsOf(described);
                        }
                    }
                }
            }
        }
    }

    private static void check(StreamType type, String sample) throws Exception {
        Window window = new Window(Instant.ofEpochSecond(1_730_419_200), Instant.ofEpochSecond(1_730_505_600));
        PageDecoder reader = new PageDecoder(
                Catalogue.endpoint(type),
                type.dimensions(),
                Grain.DAY,
                new UserNames(new UserIds.Keep()),
                new Redaction(List.of()),
                new Drift("acme"));
        Page.Buckets page = reader.read(sample.getBytes(StandardCharsets.UTF_8), window, Optional.empty(), Given.DAY);
        assertThat(page.quarantined()).isEmpty();
        JsonNode expected = JSON.readTree(sample);
        assertThat(page.more()).isEqualTo(expected.get("has_more").asBoolean());
        JsonNode bucket = expected.get("data").get(0);
        assertThat(page.buckets()).hasSize(1);
        assertThat(page.buckets().get(0).quarantined()).as(type.name()).isEmpty();
        List<Point> rows = page.buckets().get(0).rows();
        assertThat(rows).as(type.name()).hasSize(bucket.get("results").size());
        for (int i = 0; i < rows.size(); i++) {
            compare(type, bucket.get("results").get(i), rows.get(i));
        }
    }

    private static void compare(StreamType type, JsonNode row, Point point) {
        TreeMap<String, BigDecimal> numbers = new TreeMap<>();
        for (Map.Entry<String, JsonNode> field : row.properties()) {
            if (field.getValue().isNumber()) {
                numbers.put(field.getKey(), field.getValue().decimalValue());
            } else if (field.getKey().equals("amount")) {
                numbers.put("amount", field.getValue().get("value").decimalValue());
                assertThat(requireNonNull(point.measures().get("amount")).unit())
                        .isEqualTo(field.getValue().get("currency").asText());
            }
        }
        assertThat(point.measures().keySet()).as(type.name()).isEqualTo(numbers.keySet());
        numbers.forEach((name, number) -> {
            assertThat(requireNonNull(point.measures().get(name)).value())
                    .as(name)
                    .isEqualByComparingTo(number);
            if (!name.equals("amount")) {
                String unit = name.endsWith("_tokens") ? "tokens" : UNITS.getOrDefault(name, "unknown");
                assertThat(requireNonNull(point.measures().get(name)).unit())
                        .as(name)
                        .isEqualTo(unit);
            }
        });
        List<String> dimensions = new ArrayList<>(type.dimensions());
        if (type.name().equals("costs")) {
            dimensions.add("currency");
        }
        assertThat(point.dimensions().keySet()).containsExactlyInAnyOrderElementsOf(dimensions);
    }
}
