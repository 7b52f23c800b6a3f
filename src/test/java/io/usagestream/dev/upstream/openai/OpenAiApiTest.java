package io.usagestream.dev.upstream.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.usagestream.dev.upstream.fault.Afflictions;
import io.usagestream.dev.upstream.fault.Fault;
import io.usagestream.dev.upstream.http.Answer;
import io.usagestream.dev.upstream.http.Ask;
import io.usagestream.dev.upstream.ledger.Ledger;
import io.usagestream.dev.upstream.ledger.LedgerSettings;
import io.usagestream.dev.upstream.ledger.Meter;
import io.usagestream.dev.upstream.ledger.MovingClock;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class OpenAiApiTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant NOW = Instant.parse("2026-11-21T10:37:31.5Z");
    private static final long MIDNIGHT = Instant.parse("2026-11-21T00:00:00Z").getEpochSecond();
    private static final long DAY = 86_400;

    private final MovingClock clock = new MovingClock(NOW);
    private final Ledger ledger = new Ledger(LedgerSettings.of(1, 2), clock);
    private final OpenAiApi api = new OpenAiApi(ledger, Money.TEXT);

    @ParameterizedTest
    @EnumSource(value = Meter.class, names = "DECISIONS", mode = EnumSource.Mode.EXCLUDE)
    void pages_of_usage_validate_against_the_description(Meter meter) throws IOException {
        String groupBy = String.join(",", meter.dimensions());
        JsonNode page = page("usage/" + meter.path() + "?start_time=" + (MIDNIGHT - DAY) + "&bucket_width=1h&limit=48"
                + "&group_by=" + groupBy);
        assertThat(description().validate(page)).isEmpty();
        assertThat(rows(page)).isNotEmpty().allSatisfy(row -> {
            assertThat(row.get("object").textValue()).isEqualTo(meter.object());
            assertThat(row.get("project_id").isTextual()).isTrue();
        });
    }

    @Test
    void costs_as_numbers_validate_against_the_description_and_costs_as_text_are_the_same_amounts() throws IOException {
        OpenAiApi numbers = new OpenAiApi(ledger, Money.NUMBER);
        String query = "costs?start_time=" + (MIDNIGHT - DAY) + "&limit=180&group_by=project_id&group_by=line_item";
        JsonNode page =
                JSON.readTree(numbers.answer(ask(query), Afflictions.NONE).text());
        assertThat(description().validate(page)).isEmpty();

        List<JsonNode> texts = rows(page(query));
        List<JsonNode> plain = rows(page);
        assertThat(texts).hasSameSizeAs(plain).hasSizeGreaterThan(10);
        for (int i = 0; i < texts.size(); i++) {
            String text = texts.get(i).at("/amount/value").textValue();
            assertThat(new java.math.BigDecimal(text).doubleValue())
                    .isEqualTo(plain.get(i).at("/amount/value").doubleValue());
        }
        assertThat(texts).anyMatch(row -> row.at("/amount/value").textValue().equals("0E-6176"));
        assertThat(texts).anyMatch(row -> row.at("/amount/value").textValue().matches("\\d+\\.\\d{36}"));
        assertThat(texts).anyMatch(row -> row.get("quantity_unit").isNull());
    }

    @Test
    void the_description_would_notice_a_wrong_row() throws IOException {
        JsonNode page = JSON.readTree(
                "{\"object\":\"page\",\"has_more\":false,\"next_page\":null,\"data\":[{\"object\":\"bucket\","
                        + "\"start_time\":1,\"end_time\":2,\"results\":[{\"object\":\"organization.usage.completions.result\"}]}]}");
        assertThat(description().validate(page)).isNotEmpty();
    }

    @Test
    void ends_are_clipped_to_the_query_and_the_open_bucket_to_now() throws IOException {
        long start = MIDNIGHT - DAY + 1234;
        JsonNode data = page("usage/completions?start_time=" + start + "&end_time=" + (MIDNIGHT + DAY))
                .get("data");
        assertThat(data).hasSize(2);
        assertThat(interval(data.get(0))).containsExactly(start, MIDNIGHT);
        assertThat(interval(data.get(1))).containsExactly(MIDNIGHT, NOW.getEpochSecond());
        assertThat(data.get(0).get("start_time_iso").textValue()).isEqualTo("2026-11-20T00:20:34+00:00");
    }

    @Test
    void empty_buckets_are_there_without_rows() throws IOException {
        JsonNode data = page("usage/vector_stores?bucket_width=1m&start_time=" + MIDNIGHT + "&end_time="
                        + (MIDNIGHT + 3600))
                .get("data");
        assertThat(data).hasSize(60);
        assertThat(data).anyMatch(bucket -> bucket.get("results").isEmpty());
    }

    @Test
    void ids_are_null_when_not_grouped_by() throws IOException {
        assertThat(rows(page("usage/completions?start_time=" + MIDNIGHT)))
                .hasSize(1)
                .allSatisfy(row -> {
                    for (String dimension : Meter.COMPLETIONS.dimensions()) {
                        assertThat(row.get(dimension).isNull()).as(dimension).isTrue();
                    }
                    assertThat(row.has("api_source")).isFalse();
                });
    }

    @Test
    void the_three_encodings_of_arrays_mean_the_same() throws IOException {
        String base = "usage/completions?start_time=" + (MIDNIGHT - DAY) + "&end_time=" + MIDNIGHT;
        JsonNode brackets = page(base + "&group_by[]=model&group_by[]=batch").get("data");
        assertThat(page(base + "&group_by=model&group_by=batch").get("data")).isEqualTo(brackets);
        assertThat(page(base + "&group_by=model,batch").get("data")).isEqualTo(brackets);
        assertThat(rows(page(base + "&group_by=model,batch")))
                .allMatch(row -> row.get("batch").isBoolean());
    }

    @Test
    void filters_leave_only_what_they_name() throws IOException {
        String base = "usage/completions?group_by=project_id,model&start_time=" + (MIDNIGHT - DAY);
        List<JsonNode> all = rows(page(base));
        String model = all.get(0).get("model").textValue();
        List<JsonNode> some = rows(page(base + "&models=" + model));
        assertThat(some)
                .isNotEmpty()
                .hasSizeLessThan(all.size())
                .allMatch(row -> row.get("model").textValue().equals(model));
        assertThat(some)
                .containsExactlyElementsOf(all.stream()
                        .filter(row -> row.get("model").textValue().equals(model))
                        .toList());
    }

    @Test
    void a_crawl_by_cursor_gives_the_same_buckets_as_one_page() throws IOException {
        String base = "usage/completions?group_by=model&start_time=" + (MIDNIGHT - 19 * DAY) + "&end_time=" + MIDNIGHT;
        List<JsonNode> crawled = new ArrayList<>();
        JsonNode page = page(base + "&limit=7");
        page.get("data").forEach(crawled::add);
        while (page.get("has_more").booleanValue()) {
            String cursor = page.get("next_page").textValue();
            assertThat(cursor).startsWith("page_").endsWith("=");
            assertThat(Base64.getDecoder().decode(cursor.substring(5))).hasSize(20);
            page = page(base + "&limit=7&page=" + cursor.replace("+", "%2B"));
            page.get("data").forEach(crawled::add);
        }
        assertThat(page.get("next_page").isNull()).isTrue();
        assertThat(crawled).hasSize(19);
        JsonNode whole = page(base + "&limit=31");
        assertThat(whole.get("has_more").booleanValue()).isFalse();
        assertThat(whole.get("data")).containsExactlyElementsOf(crawled);
    }

    @Test
    void a_cursor_is_good_for_its_own_query_only() throws IOException {
        String base = "usage/completions?start_time=" + (MIDNIGHT - 19 * DAY) + "&limit=";
        String cursor = page(base + 7).get("next_page").textValue().replace("+", "%2B");
        assertThat(answer(base + "7&page=" + cursor).status()).isEqualTo(200);
        for (String other :
                List.of(base + "8&page=" + cursor, base + "7&group_by=model&page=" + cursor, base + "7&page=page_x")) {
            Answer refused = answer(other);
            assertThat(refused.status()).isEqualTo(400);
            assertThat(JSON.readTree(refused.text()).at("/error/message").textValue())
                    .isEqualTo("The page token is invalid, have you modified the query parameters?");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1d, 7, 31",
        "1h, 24, 168",
        "1m, 60, 1440",
    })
    void limits_have_defaults_and_ends(String width, int standard, int greatest) throws IOException {
        String base = "usage/embeddings?start_time=" + (MIDNIGHT - 60 * DAY) + "&bucket_width=" + width;
        assertThat(page(base).get("data")).hasSize(standard);
        assertThat(page(base + "&limit=" + greatest).get("data")).hasSize(greatest);
        assertThat(answer(base + "&limit=" + (greatest + 1)).status()).isEqualTo(400);
        assertThat(answer(base + "&limit=0").status()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "usage/completions | start_time",
                "usage/completions?start_time=soon | start_time",
                "usage/completions?start_time=1795132800&bucket_width=2h | bucket_width",
                "costs?start_time=1795132800&bucket_width=1h | bucket_width",
                "usage/file_search_calls?start_time=1795132800&group_by=model | group_by",
                "usage/vector_stores?start_time=1795132800&models=x | models",
                "costs?start_time=1795132800&group_by=user_id,project_id | group_by",
                "costs?start_time=1795132800&limit=181 | limit",
            })
    void what_the_description_forbids_is_a_400_that_names_the_parameter(String query, String param) throws IOException {
        Answer answer = answer(query);
        assertThat(answer.status()).isEqualTo(400);
        JsonNode error = JSON.readTree(answer.text()).get("error");
        assertThat(error.get("param").textValue()).isEqualTo(param);
        assertThat(error.fieldNames()).toIterable().containsExactlyInAnyOrder("message", "type", "param", "code");
    }

    @Test
    void a_start_more_than_a_year_ago_is_refused_with_the_earliest_date() throws IOException {
        Answer answer = answer("costs?start_time=" + (MIDNIGHT - 400 * DAY));
        assertThat(answer.status()).isEqualTo(400);
        JsonNode error = JSON.readTree(answer.text()).get("error");
        assertThat(error.get("code").textValue()).isEqualTo("reporting_lookback_exceeded");
        assertThat(error.get("message").textValue()).contains("Earliest supported start date: 2025-11-21 (UTC)");
    }

    @Test
    void keys_are_told_apart() {
        String query = "costs?start_time=" + MIDNIGHT;
        assertThat(api.answer(ask(query, Optional.empty()), Afflictions.NONE).status())
                .isEqualTo(401);
        assertThat(api.answer(ask(query, Optional.of("Bearer sk-admin-sim-3")), Afflictions.NONE)
                        .status())
                .isEqualTo(401);
        assertThat(api.answer(ask(query, Optional.of("Bearer sk-proj-sim-1")), Afflictions.NONE)
                        .status())
                .isEqualTo(403);
        assertThat(answer("usage/weather?start_time=" + MIDNIGHT).status()).isEqualTo(404);
    }

    @Test
    void decisions_carry_the_fields_of_completions_with_nulls() throws IOException {
        assertThat(rows(page("usage/decisions?start_time=" + (MIDNIGHT - DAY))))
                .isNotEmpty()
                .allSatisfy(row -> {
                    assertThat(row.get("object").textValue()).isEqualTo("organization.usage.decisions.result");
                    assertThat(row.get("input_audio_tokens").isNull()).isTrue();
                    assertThat(row.get("input_tokens").isNumber()).isTrue();
                });
    }

    @Test
    void cursor_faults_do_what_they_are_named_for() throws IOException {
        String base = "usage/completions?start_time=" + (MIDNIGHT - 19 * DAY) + "&limit=7";
        JsonNode first = page(base);
        String cursor = first.get("next_page").textValue();
        String second = base + "&page=" + cursor.replace("+", "%2B");
        assertThat(api.answer(ask(second), with(Fault.CURSOR_REFUSED)).status()).isEqualTo(400);
        assertThat(page(second, Fault.CURSOR_LOOP).get("next_page").textValue()).isEqualTo(cursor);
        JsonNode missing = page(second, Fault.CURSOR_MISSING);
        assertThat(missing.get("has_more").booleanValue()).isTrue();
        assertThat(missing.get("next_page").isNull()).isTrue();

        JsonNode again = page(second, Fault.DUPLICATED_PAGE);
        assertThat(again.get("data")).isEqualTo(first.get("data"));
        String fresh = again.get("next_page").textValue();
        assertThat(fresh).isNotEqualTo(cursor);
        assertThat(page(base + "&page=" + fresh.replace("+", "%2B")).get("data"))
                .isEqualTo(page(second).get("data"));
    }

    @Test
    void novelties_leave_the_rows_valid_and_unknown_objects_do_not() throws IOException {
        String query = "usage/embeddings?group_by=model&start_time=" + (MIDNIGHT - DAY);
        assertThat(description().validate(page(query, Fault.NEW_FIELDS))).isEmpty();
        assertThat(page(query, Fault.NEW_FIELDS).has("billing_note")).isTrue();
        assertThat(rows(page(query, Fault.UNKNOWN_OBJECT)))
                .anyMatch(row -> row.get("object").textValue().contains("teleports"));
    }

    @Test
    void usage_arrives_while_one_watches() throws IOException {
        String query = "usage/completions?bucket_width=1h&start_time=" + (MIDNIGHT + 10 * 3600);
        long before = requests(page(query));
        clock.advance(Duration.ofMinutes(10));
        assertThat(requests(page(query))).isGreaterThan(before);
    }

    private static long requests(JsonNode page) {
        return rows(page).stream()
                .mapToLong(row -> row.get("num_model_requests").longValue())
                .sum();
    }

    private JsonNode page(String query, Fault... faults) throws IOException {
        Answer answer = api.answer(ask(query), with(faults));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return JSON.readTree(answer.body().bytes());
    }

    private Answer answer(String query) {
        return api.answer(ask(query), Afflictions.NONE);
    }

    private static Afflictions with(Fault... faults) {
        EnumSet<Fault> set = EnumSet.noneOf(Fault.class);
        set.addAll(List.of(faults));
        return new Afflictions(set, 1);
    }

    private static Ask ask(String query) {
        return ask(query, Optional.of("Bearer " + OpenAiApi.adminKey(1)));
    }

    private static Ask ask(String query, Optional<String> authorization) {
        int mark = query.indexOf('?');
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        if (mark >= 0) {
            for (String pair : query.substring(mark + 1).split("&", -1)) {
                String[] parts = pair.split("=", 2);
                parameters
                        .computeIfAbsent(parts[0], name -> new ArrayList<>())
                        .add(URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
            }
        }
        String path = "/v1/organization/" + (mark < 0 ? query : query.substring(0, mark));
        return new Ask(path, parameters, authorization);
    }

    private static List<JsonNode> rows(JsonNode page) {
        List<JsonNode> rows = new ArrayList<>();
        page.get("data").forEach(bucket -> bucket.get("results").forEach(rows::add));
        return rows;
    }

    private static List<Long> interval(JsonNode bucket) {
        return List.of(
                bucket.get("start_time").longValue(), bucket.get("end_time").longValue());
    }

    private static JsonSchema description() throws IOException {
        try (InputStream in = OpenAiApiTest.class.getResourceAsStream("/openai/openapi.yaml")) {
            JsonNode document = new ObjectMapper(new YAMLFactory()).readTree(in);
            JsonSchemaFactory factory = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
            ((com.fasterxml.jackson.databind.node.ObjectNode) document)
                    .put("$ref", "#/components/schemas/UsageResponse");
            return factory.getSchema(document);
        }
    }
}
