package io.usagestream.dev.upstream.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.usagestream.dev.upstream.fault.Afflictions;
import io.usagestream.dev.upstream.fault.Fault;
import io.usagestream.dev.upstream.http.Answer;
import io.usagestream.dev.upstream.http.Ask;
import io.usagestream.dev.upstream.ledger.Ledger;
import io.usagestream.dev.upstream.ledger.LedgerSettings;
import io.usagestream.dev.upstream.ledger.MovingClock;
import io.usagestream.dev.upstream.ledger.Temper;
import io.usagestream.dev.upstream.scenario.StudioOptions.Order;
import io.usagestream.dev.upstream.scenario.StudioOptions.PastEnd;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScenarioApiTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant NOW = Instant.parse("2026-11-21T10:37:31.5Z");
    private static final String DAY = "startDate=2026-11-19T00:00:00Z&endDate=2026-11-19T23:59:59.999Z";

    private final MovingClock clock = new MovingClock(NOW);
    private final Ledger ledger = new Ledger(LedgerSettings.of(1, 2).withTemper(Temper.CALM), clock);

    @Test
    void both_bounds_belong_to_the_window() throws IOException {
        List<String> outer = times(all("startDate=2026-11-19T00:00:00Z&endDate=2026-11-20T00:00:00Z"));
        assertThat(outer).contains("2026-11-19T00:00:00.000Z", "2026-11-20T00:00:00.000Z");
        String event = outer.get(outer.size() / 2);
        assertThat(times(all("startDate=" + event + "&endDate=" + event)))
                .isNotEmpty()
                .containsOnly(event);
    }

    @Test
    void pages_of_a_hundred_cover_the_log_without_gap_or_overlap_in_either_order() throws IOException {
        List<JsonNode> newest = all(DAY);
        List<JsonNode> oldest = all(DAY, StudioOptions.DEFAULT.with(Order.OLDEST_FIRST));
        assertThat(newest).hasSizeGreaterThan(500);
        assertThat(times(oldest)).isSorted();
        Collections.reverse(newest);
        assertThat(newest).isEqualTo(oldest);
        assertThat(oldest.stream().distinct().count()).as("twins are there").isLessThan(oldest.size());
    }

    @Test
    void an_offset_past_the_end_is_empty_or_the_beginning_as_chosen() throws IOException {
        String far = DAY + "&type=activity&activityOffset=100000";
        assertThat(get(far, StudioOptions.DEFAULT).get("activity")).isEmpty();
        StudioOptions wrapping = StudioOptions.DEFAULT.with(PastEnd.FIRST_PAGE);
        JsonNode first = get(DAY + "&type=activity", wrapping).get("activity");
        assertThat(first).hasSize(100);
        assertThat(get(far, wrapping).get("activity")).isEqualTo(first);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-5", "NaN", "1.5", "many"})
    void a_bad_offset_is_offset_0(String offset) throws IOException {
        assertThat(get(DAY + "&type=activity&activityOffset=" + offset).get("activity"))
                .isEqualTo(get(DAY + "&type=activity").get("activity"));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-19T00:00:00Z, 2026-11-19T23:59:59.999Z, 1h, 24",
        "2026-11-18T00:00:00Z, 2026-11-19T23:59:59.999Z, 1h, 48",
        "2026-11-13T00:00:00Z, 2026-11-19T23:59:59.999Z, 1d, 7",
        "2026-11-01T00:00:00Z, 2026-12-01T00:00:00Z, 1d, 31",
        "2026-09-07T00:00:00Z, 2026-11-19T23:59:59.999Z, 7d, 11",
    })
    void series_are_filled_up_with_zeros_at_a_grain_that_follows_from_the_length(
            String start, String end, String grain, int points) throws IOException {
        JsonNode answer = get("type=usages,model-usages&startDate=" + start + "&endDate=" + end);
        assertThat(answer.get("usages")).isNotEmpty().allSatisfy(usage -> {
            assertThat(usage.get("granularity").textValue()).isEqualTo(grain);
            assertThat(usage.get("points")).hasSize(points);
        });
        assertThat(answer.get("modelUsages"))
                .allSatisfy(model -> assertThat(model.get("points")).hasSize(points));
        assertThat(answer.has("activity")).isFalse();
    }

    @Test
    void names_that_were_not_used_are_there_or_not_as_chosen() throws IOException {
        String series = DAY + "&type=usages,model-usages";
        StudioOptions used = StudioOptions.DEFAULT.with(StudioOptions.Names.USED);
        JsonNode all = get(series).get("usages");
        assertThat(get(series, used).get("usages"))
                .isNotEmpty()
                .hasSizeLessThan(all.size())
                .allSatisfy(usage -> assertThat(usage.get("points")).hasSize(24));
        JsonNode quiet = get(series + "&userIds=nobody", used);
        assertThat(quiet.get("usages").isArray()).isTrue();
        assertThat(quiet.get("usages")).isEmpty();
        assertThat(quiet.get("modelUsages")).isEmpty();
    }

    @Test
    void dropped_zero_points_leave_their_parents() throws IOException {
        String type = DAY + "&type=usages";
        JsonNode whole = get(type).get("usages");
        JsonNode dropped = get(type + "&dropZeroPoints=true").get("usages");
        assertThat(dropped).hasSameSizeAs(whole);
        assertThat(dropped).anyMatch(usage -> usage.get("points").isEmpty());
        assertThat(dropped)
                .allSatisfy(usage -> assertThat(usage.get("points"))
                        .noneMatch(point -> point.get("value").textValue().equals("0")));
    }

    @Test
    void the_numbers_of_usages_are_text_and_all_others_are_numbers() throws IOException {
        JsonNode answer = get(DAY);
        JsonNode usage = answer.get("usages").get(0).get("points").get(0);
        assertThat(usage.get("value").isTextual()).isTrue();
        assertThat(usage.get("apiKey").isTextual()).isTrue();
        assertThat(usage.get("cost").isNumber()).isTrue();
        assertThat(answer.get("modelUsages").get(0).at("/points/0/jobs").isNumber())
                .isTrue();
        assertThat(all(DAY))
                .anyMatch(
                        event -> event.path("creativeUnitsCost").decimalValue().signum() < 0)
                .anyMatch(
                        event -> !event.path("creativeUnitsCost").isIntegralNumber() && event.has("creativeUnitsCost"))
                .anyMatch(event -> !event.has("creativeUnitsCost"));
    }

    @Test
    void consumption_is_one_row_a_user_and_adds_up() throws IOException {
        JsonNode consumption = get(DAY + "&type=consumption").get("consumption");
        BigDecimal sum = BigDecimal.ZERO;
        for (JsonNode user : consumption) {
            assertThat(user.get("total").decimalValue())
                    .isEqualByComparingTo(user.get("value")
                            .decimalValue()
                            .add(user.get("discount").decimalValue()));
            assertThat(user.has("time")).isFalse();
            sum = sum.add(user.get("value").decimalValue());
        }
        BigDecimal events = all(DAY).stream()
                .map(event -> event.path("creativeUnitsCost").decimalValue())
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        assertThat(sum).isEqualByComparingTo(events);
    }

    @Test
    void a_bad_type_silently_gives_everything() throws IOException {
        assertThat(get(DAY + "&type=usages,nonsense").fieldNames())
                .toIterable()
                .contains("activity", "assetUsages", "consumption", "modelUsages", "nsfwUsages", "usages", "entities");
        assertThat(get(DAY + "&type=usages&type=consumption").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("usages", "consumption", "entities");
    }

    @Test
    void filters_leave_only_what_they_name() throws IOException {
        List<JsonNode> events = all(DAY);
        String project = events.get(0).get("projectId").textValue();
        String user = events.get(0).get("userId").textValue();
        assertThat(all(DAY + "&projectIds=" + project + "&userId=" + user))
                .isNotEmpty()
                .isEqualTo(events.stream()
                        .filter(event -> event.get("projectId").textValue().equals(project)
                                && event.get("userId").textValue().equals(user))
                        .toList());
        String team = ledger.studio(1).teams().get(0);
        assertThat(all(DAY + "&teamId=" + team)).isNotEmpty().hasSizeLessThan(events.size());
        assertThat(status(DAY + "&projectIds=proj_of_somebody_else")).isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "startDate=2026-11-19T00:00:00Z",
                "endDate=2026-11-19T00:00:00Z",
                "startDate=2026-11-19T00:00:00Z&endDate=2026-11-18T00:00:00Z",
                "startDate=2026-07-01T00:00:00Z&endDate=2026-11-18T00:00:00Z",
                "startDate=yesterday&endDate=today",
            })
    void dates_that_make_no_window_are_refused(String dates) {
        assertThat(status(dates)).isEqualTo(400);
    }

    @Test
    void entities_carry_what_is_personal_and_a_bad_key_gets_nothing() throws IOException {
        JsonNode entities = get(DAY + "&type=activity").get("entities");
        assertThat(entities.get("users").get(0).get("email").textValue()).contains("@");
        assertThat(entities.get("users").get(0).at("/avatar/url").textValue()).contains("Signature");
        assertThat(entities.get("jobs").get(0).at("/metadata/input/prompt").isTextual())
                .isTrue();
        Ask ask = new Ask("/v1/usages", Map.of(), Optional.of(basic("api_sim_1", "secret_sim_2")));
        assertThat(new ScenarioApi(ledger, StudioOptions.DEFAULT)
                        .answer(ask, Afflictions.NONE)
                        .status())
                .isEqualTo(401);
    }

    @Test
    void an_answer_over_the_ceiling_is_refused() {
        Answer answer = answer(DAY, StudioOptions.DEFAULT.withCeiling(20_000), Afflictions.NONE);
        assertThat(answer.status()).isEqualTo(413);
    }

    @Test
    void a_shifting_list_leaves_what_is_settled_alone() throws IOException {
        String today = "&type=activity&startDate=2026-11-21T10:00:00Z&endDate=2026-11-21T11:00:00Z";
        Ledger busy = new Ledger(LedgerSettings.of(1, 1).withTemper(Temper.CALM).withPace(400), clock);
        ScenarioApi api = new ScenarioApi(busy, StudioOptions.DEFAULT);
        JsonNode whole =
                JSON.readTree(api.answer(ask(today), Afflictions.NONE).text()).get("activity");
        JsonNode shifted = JSON.readTree(api.answer(ask(today), new Afflictions(EnumSet.of(Fault.SHIFTING_LIST), 5))
                        .text())
                .get("activity");
        List<String> kept = times(list(shifted));
        assertThat(kept).isNotEqualTo(times(list(whole)));
        assertThat(times(list(whole)).stream().filter(time -> time.compareTo("2026-11-21T10:22") < 0))
                .isNotEmpty()
                .allMatch(kept::contains);
    }

    private List<JsonNode> all(String query) throws IOException {
        return all(query, StudioOptions.DEFAULT);
    }

    private List<JsonNode> all(String query, StudioOptions options) throws IOException {
        List<JsonNode> events = new ArrayList<>();
        List<JsonNode> page;
        do {
            page = list(get(query + "&type=activity&activityOffset=" + events.size(), options)
                    .get("activity"));
            events.addAll(page);
        } while (page.size() == 100);
        return events;
    }

    private JsonNode get(String query) throws IOException {
        return get(query, StudioOptions.DEFAULT);
    }

    private JsonNode get(String query, StudioOptions options) throws IOException {
        Answer answer = answer(query, options, Afflictions.NONE);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return JSON.readTree(answer.body().bytes());
    }

    private int status(String query) {
        return answer(query, StudioOptions.DEFAULT, Afflictions.NONE).status();
    }

    private Answer answer(String query, StudioOptions options, Afflictions afflictions) {
        return new ScenarioApi(ledger, options).answer(ask(query), afflictions);
    }

    private static Ask ask(String query) {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        for (String pair : query.split("&", -1)) {
            if (!pair.isEmpty()) {
                String[] parts = pair.split("=", 2);
                parameters.computeIfAbsent(parts[0], name -> new ArrayList<>()).add(parts[1]);
            }
        }
        return new Ask("/v1/usages", parameters, Optional.of(basic("api_sim_1", "secret_sim_1")));
    }

    private static String basic(String key, String secret) {
        return "Basic " + Base64.getEncoder().encodeToString((key + ":" + secret).getBytes(StandardCharsets.UTF_8));
    }

    private static List<JsonNode> list(JsonNode array) {
        List<JsonNode> nodes = new ArrayList<>();
        array.forEach(nodes::add);
        return nodes;
    }

    private static List<String> times(List<JsonNode> events) {
        return events.stream().map(event -> event.get("time").textValue()).toList();
    }
}
