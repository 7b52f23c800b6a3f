package io.usagestream.source.scenario;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.usagestream.source.Drift;
import io.usagestream.source.Given;
import io.usagestream.source.Secret;
import io.usagestream.source.SourceSettings.UserIds;
import io.usagestream.source.UpstreamException;
import io.usagestream.source.UserNames;
import io.usagestream.source.http.ErrorInstead;
import io.usagestream.source.json.Redaction;
import io.usagestream.stream.Bucket;
import io.usagestream.stream.Entity;
import io.usagestream.stream.Event;
import io.usagestream.stream.Grain;
import io.usagestream.stream.LogRow;
import io.usagestream.stream.Page;
import io.usagestream.stream.Point;
import io.usagestream.stream.Quarantined;
import io.usagestream.stream.Reason;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What becomes of Scenario's answers, sound and odd. */
class ScenarioDecodingTest {
    private static final Instant NOON = Given.DAY.plus(Duration.ofHours(12));
    private static final String HOURLY =
            "\"usages\":[{\"usageName\":\"captioning\",\"granularity\":\"1h\",\"points\":[]}]";

    private final Drift drift = new Drift("studio");
    private UserIds userIds = new UserIds.Keep();

    private Redaction redaction() {
        return new Redaction(List.of(Secret.of("scenario-canary")));
    }

    private Page.Buckets series(Section section, String body) {
        try {
            return new SeriesDecoder(section, redaction(), true, drift)
                    .decode(bytes(body), Given.ONE_DAY, Optional.empty(), NOON);
        } catch (ErrorInstead e) {
            throw new AssertionError(e);
        }
    }

    private Page.Buckets consumption(String rows) {
        try {
            return new ConsumptionDecoder(new UserNames(userIds), redaction(), drift)
                    .decode(bytes("{\"consumption\":[" + rows + "]}"), Given.ONE_DAY, Optional.empty());
        } catch (ErrorInstead e) {
            throw new AssertionError(e);
        }
    }

    private List<LogRow> activity(String rows) {
        try {
            return new ActivityDecoder(new UserNames(userIds), redaction(), drift)
                    .decode(bytes("{\"activity\":[" + rows + "]}"), Optional.empty(), NOON)
                    .rows();
        } catch (ErrorInstead e) {
            throw new AssertionError(e);
        }
    }

    private Page.Entities entities(List<String> fields, String body) {
        try {
            return new EntitiesDecoder(new Wanted(fields), redaction(), drift)
                    .decode(bytes(body), Given.ONE_DAY, Optional.empty());
        } catch (ErrorInstead e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String models(String... points) {
        return "{\"modelUsages\":[{\"modelId\":\"m\",\"points\":[" + String.join(",", points) + "]}]," + HOURLY + "}";
    }

    private static String point(String time, Object cost) {
        return "{\"cost\":" + cost + ",\"discount\":0,\"apiKeyCost\":0,\"apiKeyDiscount\":0,\"jobs\":0,\"time\":\""
                + time + "\"}";
    }

    private static List<Point> rows(Page.Buckets page) {
        return page.buckets().stream().flatMap(b -> b.rows().stream()).toList();
    }

    private static List<Reason> refused(Page.Buckets page) {
        return Stream.concat(
                        page.quarantined().stream(),
                        page.buckets().stream().flatMap((Bucket b) -> b.quarantined().stream()))
                .map(Quarantined::reason)
                .toList();
    }

    private static void fails(Runnable decoding, Reason reason) {
        assertThatThrownBy(decoding::run)
                .isInstanceOfSatisfying(
                        UpstreamException.class,
                        e -> assertThat(e.failure().reason()).isEqualTo(reason));
    }

    @Test
    void row_40_text_numbers_are_for_usages_only() {
        String usages = """
                {"usages":[{"usageName":"captioning","granularity":"1h","points":[
                 {"apiKey":"1e3","value":"-12.50","time":"2026-11-19T03:00:00Z","cost":1.5,"discount":0}]}]}""";
        Point point = rows(series(Section.USAGES, usages)).get(0);
        assertThat(requireNonNull(point.measures().get("value")).value()).isEqualByComparingTo("-12.5");
        assertThat(requireNonNull(point.measures().get("value")).unit()).isEqualTo("usage");
        assertThat(requireNonNull(point.measures().get("api_key")).value()).isEqualByComparingTo("1000");
        assertThat(requireNonNull(point.measures().get("cost")).unit()).isEqualTo("cu");
        assertThat(point.measures()).doesNotContainKey("api_key_cost");
        assertThat(point.dimensions()).containsEntry("usage_name", Optional.of("captioning"));
        assertThat(refused(series(Section.MODEL_USAGES, models(point("2026-11-19T03:00:00Z", "\"1\"")))))
                .containsExactly(Reason.BAD_NUMBER);
        assertThat(refused(series(Section.USAGES, usages.replace("1e3", " 12 "))))
                .containsExactly(Reason.BAD_NUMBER);
    }

    @Test
    void refunds_are_legal_and_buckets_cover_the_whole_window() {
        Page.Buckets page = series(Section.MODEL_USAGES, models(point("2026-11-19T03:00:00.000Z", -30.5)));
        assertThat(page.buckets()).hasSize(24);
        assertThat(page.buckets()).extracting(Bucket::start).isSorted();
        assertThat(rows(page)).hasSize(1);
        assertThat(requireNonNull(rows(page).get(0).measures().get("cost")).value())
                .isEqualByComparingTo("-30.5");
        assertThat(page.more()).isFalse();
    }

    @Test
    void points_beside_the_window_are_set_aside_and_zeros_of_the_future_ignored() {
        assertThat(refused(series(
                        Section.MODEL_USAGES,
                        models(
                                point("2026-11-18T23:00:00Z", 1),
                                point("2026-11-19T03:30:00Z", 1),
                                point("2026-11-19T20:00:00Z", 1),
                                point("2026-11-19T20:00:00Z", 0),
                                point("2026-11-20T00:00:00Z", 0),
                                point("2026-11-19T03:00:00", 1),
                                point("1763510400", 1)))))
                .containsExactlyInAnyOrder(
                        Reason.BUCKET_OUT_OF_WINDOW,
                        Reason.BUCKET_MISALIGNED,
                        Reason.TIME_OUT_OF_RANGE,
                        Reason.TIME_OUT_OF_RANGE,
                        Reason.TIME_OUT_OF_RANGE);
    }

    @Test
    void row_47_equal_twins_are_one_and_contradictions_are_all_set_aside() {
        Page.Buckets page = series(
                Section.MODEL_USAGES,
                models(
                        point("2026-11-19T03:00:00Z", 1),
                        point("2026-11-19T03:00:00Z", 1),
                        point("2026-11-19T04:00:00Z", 1),
                        point("2026-11-19T04:00:00Z", 2),
                        point("2026-11-19T04:00:00Z", 1),
                        point("2026-11-19T05:00:00Z", 1),
                        point("2026-11-19T05:00:00Z", 1),
                        point("2026-11-19T05:00:00Z", 2)));
        assertThat(rows(page)).hasSize(1);
        assertThat(refused(page)).hasSize(6).containsOnly(Reason.DUPLICATE_KEY);
    }

    @Test
    void row_52_a_window_has_one_granularity_that_is_known() {
        assertThat(series(Section.MODEL_USAGES, models(point("2026-11-19T03:00:00Z", 1)))
                        .grain())
                .isEqualTo(Grain.HOUR);
        String spaced = "{\"modelUsages\":[{\"modelId\":\"m\",\"points\":[" + point("2026-11-19T03:00:00Z", 1) + ","
                + point("2026-11-19T03:15:00Z", 0) + "]}]}";
        assertThat(series(Section.MODEL_USAGES, spaced).grain()).isEqualTo(Grain.QUARTER);
        fails(() -> series(Section.MODEL_USAGES, models().replace("1h", "2h")), Reason.GRANULARITY_CHANGED);
        fails(() -> series(Section.MODEL_USAGES, models().replace("1h", "7d")), Reason.GRANULARITY_CHANGED);
        fails(
                () -> series(
                        Section.USAGES,
                        "{\"usages\":[{\"usageName\":\"a\",\"granularity\":\"1h\",\"points\":[]},"
                                + "{\"usageName\":\"b\",\"granularity\":\"1d\",\"points\":[]}]}"),
                Reason.GRANULARITY_CHANGED);
        String one = "{\"modelUsages\":[{\"modelId\":\"m\",\"points\":[" + point("2026-11-19T03:00:00Z", 1) + "]}]";
        fails(() -> series(Section.MODEL_USAGES, one + ",\"usages\":[]}"), Reason.GRANULARITY_CHANGED);
        fails(() -> series(Section.MODEL_USAGES, "{\"modelUsages\":[7],\"usages\":[]}"), Reason.GRANULARITY_CHANGED);
    }

    @Test
    void sections_that_hold_nothing_are_a_window_in_which_nothing_happened() {
        for (String body : List.of(
                "{\"modelUsages\":[],\"usages\":[]}",
                "{\"modelUsages\":[{\"modelId\":\"m\",\"points\":[]}],\"usages\":[]}")) {
            Page.Buckets page = series(Section.MODEL_USAGES, body);
            assertThat(page.buckets()).isEmpty();
            assertThat(page.quarantined()).isEmpty();
            assertThat(page.more()).isFalse();
            assertThat(page.grain()).isEqualTo(Grain.DAY);
        }
    }

    @Test
    void row_54_a_section_that_is_missing_is_not_an_empty_one() {
        fails(() -> series(Section.MODEL_USAGES, "{" + HOURLY + "}"), Reason.SECTION_MISSING);
        fails(() -> series(Section.USAGES, "{\"modelUsages\":[]}"), Reason.SECTION_MISSING);
        fails(() -> series(Section.MODEL_USAGES, "{}"), Reason.MALFORMED_JSON);
        fails(() -> series(Section.MODEL_USAGES, "[]"), Reason.MALFORMED_JSON);
        fails(() -> series(Section.MODEL_USAGES, "{\"modelUsages\":null," + HOURLY + "}"), Reason.MALFORMED_PAGE);
        assertThat(rows(series(Section.MODEL_USAGES, "{\"modelUsages\":[]," + HOURLY + "}")))
                .isEmpty();
    }

    @Test
    void a_name_with_a_byte_that_no_text_has_does_not_pass_for_one_seen_before() {
        String good = models(point("2026-11-19T03:00:00Z", 1));
        assertThat(rows(series(Section.MODEL_USAGES, good))).hasSize(1);
        for (String name : List.of("apiKeyCost", "apiKeyDiscount", "points", "modelId", "modelUsages")) {
            int padded = name.length() - name.length() % 4;
            String spoilt = name.substring(0, padded) + "\u00ff" + name.substring(padded);
            byte[] body =
                    good.replaceFirst("\"" + name + "\"", "\"" + spoilt + "\"").getBytes(StandardCharsets.ISO_8859_1);
            assertThatThrownBy(() -> new SeriesDecoder(Section.MODEL_USAGES, redaction(), true, drift)
                            .decode(body, Given.ONE_DAY, Optional.empty(), NOON))
                    .as(name)
                    .isInstanceOf(UpstreamException.class)
                    .hasMessageStartingWith("malformed_json");
        }
    }

    @Test
    void an_entry_without_a_name_or_points_is_set_aside() {
        String good =
                "{\"kind\":\"3d\",\"points\":[{\"count\":1,\"countApiKey\":0,\"time\":\"2026-11-19T03:00:00Z\"}]}";
        Page.Buckets page = series(
                Section.ASSET_USAGES,
                "{\"assetUsages\":[{\"points\":[]},{\"kind\":\"image\"},7," + good
                        + ",{\"kind\":null,\"points\":[{\"count\":1}]}]," + HOURLY + "}");
        assertThat(rows(page)).hasSize(1);
        assertThat(refused(page))
                .containsExactlyInAnyOrder(
                        Reason.MISSING_FIELD, Reason.MISSING_FIELD, Reason.UNKNOWN_OBJECT, Reason.MISSING_FIELD);
    }

    @Test
    void equal_bad_points_of_two_models_are_two() {
        String bad = "{\"points\":[{\"time\":\"2026-11-19T03:00:00Z\"}],\"modelId\":";
        Page.Buckets page =
                series(Section.MODEL_USAGES, "{\"modelUsages\":[" + bad + "\"a\"}," + bad + "\"b\"}]," + HOURLY + "}");
        assertThat(page.quarantined()).hasSize(2);
        assertThat(page.quarantined().get(0).digest())
                .isNotEqualTo(page.quarantined().get(1).digest());
    }

    @Test
    void consumption_is_one_bucket_as_long_as_the_window() {
        String ann = "{\"userId\":\"ann\",\"value\":10.5,\"discount\":1,\"total\":11.5}";
        String bob = "{\"userId\":\"bob\",\"value\":-1,\"discount\":0,\"total\":-1}";
        Page.Buckets page = consumption(ann + "," + bob);
        assertThat(page.grain()).isEqualTo(Grain.DAY);
        assertThat(page.buckets()).hasSize(1);
        assertThat(rows(page))
                .extracting(p -> p.dimensions().get("user_id"))
                .containsExactly(Optional.of("ann"), Optional.of("bob"));
        assertThat(refused(consumption(ann + "," + ann.replace("10.5", "9") + "," + bob)))
                .containsExactly(Reason.DUPLICATE_KEY, Reason.DUPLICATE_KEY);
        userIds = new UserIds.Drop();
        Point sum = rows(consumption(ann + "," + bob)).get(0);
        assertThat(sum.dimensions()).isEmpty();
        assertThat(requireNonNull(sum.measures().get("total")).value()).isEqualByComparingTo("10.5");
        String most = ann.replace("10.5", "9".repeat(20));
        assertThatThrownBy(() -> consumption(most + "," + most.replace("ann", "bob")))
                .isInstanceOf(UpstreamException.class)
                .hasMessageStartingWith("overflow");
    }

    @Test
    void events_are_read_whole_and_in_order() {
        String full = """
                {"action":"asset","data":{"assetId":"a","collectionId":"c","jobId":"j","modelId":"m","isApiKey":false,
                 "byokProvider":{"id":"b","displayName":"B"}},"projectId":"p","userId":"u","time":"2026-11-19T10:00:00.120Z",
                 "creativeUnitsCost":0.1234567890123456785,"extra":{"deep":[1]}}""";
        List<LogRow> rows = activity(full + "," + full + ",{\"action\":\"x\"},7");
        assertThat(rows).hasSize(4);
        assertThat(rows.get(0)).isEqualTo(rows.get(1));
        Event event = (Event) rows.get(0);
        assertThat(event.cost().orElseThrow().value()).isEqualByComparingTo("0.123456789012345678");
        assertThat(event.byokProvider().orElseThrow().displayName()).contains("B");
        assertThat(event.isApiKey()).contains(false);
        assertThat(((Quarantined) rows.get(2)).reason()).isEqualTo(Reason.MISSING_FIELD);
        assertThat(((Quarantined) rows.get(3)).reason()).isEqualTo(Reason.UNKNOWN_OBJECT);
        assertThat(drift.of("activity")).containsKey("extra");
        userIds = new UserIds.Drop();
        assertThat(((Event) activity(full).get(0)).userId()).isEmpty();
    }

    @Test
    void an_events_time_is_what_a_record_can_say() {
        String event = "{\"action\":\"a\",\"data\":{},\"projectId\":\"p\",\"userId\":\"u\",\"time\":\"%s\"}";
        Event fine = (Event)
                activity(String.format(event, "2026-11-19T10:00:00.120999999Z")).get(0);
        assertThat(fine.time()).isEqualTo(Instant.parse("2026-11-19T10:00:00.120Z"));
    }

    @Test
    void row_30_an_event_without_a_plausible_time_is_set_aside_without_one() {
        String event = "{\"action\":\"a\",\"data\":{},\"projectId\":\"p\",\"userId\":\"u\",\"time\":\"%s\"}";
        for (String time : List.of(
                "2026-11-19T13:00:00Z",
                "2126-11-19T13:00:00Z",
                "1969-01-01T00:00:00Z",
                "2026-11-19",
                "0",
                "2026-11-19T10:00:00",
                "2026-02-30T10:00:00Z")) {
            Quarantined refused =
                    (Quarantined) activity(String.format(event, time)).get(0);
            assertThat(refused.reason()).isEqualTo(Reason.TIME_OUT_OF_RANGE);
            assertThat(refused.time()).isEmpty();
        }
        assertThat(activity(String.format(event, "2026-11-19T11:00:00+01:00")).get(0))
                .isInstanceOf(Event.class);
    }

    @Test
    void an_event_that_is_not_understood_counts_where_it_happened() {
        String after = "{\"action\":\"a\",\"data\":{},\"userId\":\"u\",\"creativeUnitsCost\":\"?\",\"time\":\"%s\"}";
        String deep = "{\"data\":{\"time\":\"2026-11-18T00:00:00Z\",\"isApiKey\":1},\"time\":\"%s\",\"list\":[{}]}";
        String twice = "{\"action\":null,\"time\":\"%1$s\",\"time\":\"%1$s\"}";
        Instant at = Instant.parse("2026-11-19T09:08:07Z");
        assertThat(activity(String.format(after + "," + deep + "," + twice, at, at, at)))
                .extracting(row -> ((Quarantined) row).time())
                .containsExactly(Optional.of(at), Optional.of(at), Optional.empty());
    }

    @Test
    void of_entities_only_what_was_named_is_kept() {
        String body = """
                {"entities":{"models":[{"id":"m","name":"Model","shortDescription":"canary"}],
                 "users":[{"id":"u","email":"canary@example.com","fullName":"Ann Canary","avatar":{"url":"x"}}],
                 "jobs":[{"id":"j","metadata":{"input":{"prompt":"canary"}}},{"metadata":{"input":{"prompt":"canary"}}}],
                 "collections":[{"id":"c","name":null}]}}""";
        Page.Entities page = entities(List.of(), body);
        assertThat(page.entities()).extracting(Entity::kind).containsExactly("model", "job", "collection");
        assertThat(page.toString()).doesNotContain("canary").doesNotContain("Canary");
        assertThat(page.quarantined()).hasSize(1);
        Page.Entities named = entities(List.of("users.email"), body);
        assertThat(named.entities()).hasSize(1);
        assertThat(named.entities().get(0).attributes())
                .containsEntry("email", "canary@example.com")
                .hasSize(1);
        fails(() -> entities(List.of(), "{\"usages\":[]}"), Reason.SECTION_MISSING);
    }
}
