package io.usagestream.source.openai;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.usagestream.source.Drift;
import io.usagestream.source.Given;
import io.usagestream.source.Secret;
import io.usagestream.source.SourceSettings.UserIds;
import io.usagestream.source.StreamType;
import io.usagestream.source.UpstreamException;
import io.usagestream.source.UserNames;
import io.usagestream.source.http.ErrorInstead;
import io.usagestream.source.json.Redaction;
import io.usagestream.stream.Bucket;
import io.usagestream.stream.Digest;
import io.usagestream.stream.Grain;
import io.usagestream.stream.Page;
import io.usagestream.stream.Point;
import io.usagestream.stream.Quarantined;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Window;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What becomes of pages and rows that are odd: rows 20 to 48 of the catalogue of failures, as far as a page decides them. */
class OpenAiDecodingTest {
    private static final OpenAi PROVIDER = new OpenAi(InstantSource.system());
    private static final Instant NOON = Given.DAY.plus(Duration.ofHours(12));
    private static final long START = Given.DAY.getEpochSecond();
    private static final String OBJECT = "\"object\":\"organization.usage.completions.result\"";
    private static final String COUNTS = "\"input_tokens\":10,\"output_tokens\":5,\"num_model_requests\":1";

    private final Drift drift = new Drift("acme");
    private UserIds userIds = new UserIds.Keep();
    private Optional<Instant> date = Optional.of(NOON);

    private Page.Buckets decode(StreamType type, List<String> groupBy, Grain width, Window window, String body) {
        PageDecoder reader = new PageDecoder(
                Catalogue.endpoint(type),
                groupBy,
                width,
                new UserNames(userIds),
                new Redaction(List.of(Secret.of("sk-admin-canary"))),
                drift);
        try {
            return reader.read(body.getBytes(StandardCharsets.UTF_8), window, date, NOON);
        } catch (ErrorInstead e) {
            throw new AssertionError(e);
        }
    }

    private Page.Buckets completions(String... results) {
        return page(bucket(START, START + 3_600, results));
    }

    private Page.Buckets page(String... buckets) {
        return decode(
                Given.type(PROVIDER, "completions"),
                List.of("model", "user_id"),
                Grain.HOUR,
                Given.ONE_DAY,
                "{\"object\":\"page\",\"data\":[" + String.join(",", buckets)
                        + "],\"has_more\":false,\"next_page\":null}");
    }

    private Page.Buckets costs(String... results) {
        return decode(
                Given.type(PROVIDER, "costs"),
                List.of("project_id", "line_item"),
                Grain.DAY,
                new Window(Given.DAY.minus(Duration.ofDays(1)), Given.DAY.plus(Duration.ofDays(1))),
                "{\"data\":[" + bucket(START - 86_400, START, results) + "],\"has_more\":false,\"next_page\":null}");
    }

    private static String bucket(Object start, Object end, String... results) {
        return "{\"object\":\"bucket\",\"start_time\":" + start + ",\"end_time\":" + end
                + ",\"start_time_iso\":\"x\",\"results\":[" + String.join(",", results) + "]}";
    }

    private static String result(String fields) {
        return "{" + OBJECT + "," + fields + "}";
    }

    private static String cost(String amount) {
        return "{\"object\":\"organization.costs.result\",\"amount\":" + amount
                + ",\"project_id\":\"p\",\"line_item\":null}";
    }

    private static Point only(Page.Buckets page) {
        assertThat(page.quarantined()).isEmpty();
        assertThat(page.buckets()).hasSize(1);
        assertThat(page.buckets().get(0).quarantined()).isEmpty();
        assertThat(page.buckets().get(0).rows()).hasSize(1);
        return page.buckets().get(0).rows().get(0);
    }

    private static Quarantined refused(Page.Buckets page, Reason reason) {
        assertThat(page.buckets()).hasSize(1);
        Bucket bucket = page.buckets().get(0);
        assertThat(bucket.rows()).isEmpty();
        assertThat(bucket.quarantined()).extracting(Quarantined::reason).containsExactly(reason);
        return bucket.quarantined().get(0);
    }

    private static Quarantined refusedBucket(Page.Buckets page, Reason reason) {
        assertThat(page.buckets()).isEmpty();
        assertThat(page.quarantined()).extracting(Quarantined::reason).containsExactly(reason);
        return page.quarantined().get(0);
    }

    private static String number(Point point, String measure) {
        return requireNonNull(point.measures().get(measure)).value().toPlainString();
    }

    @Test
    void row_27_a_bucket_beside_the_window_or_off_the_grid_is_set_aside_whole() {
        refusedBucket(page(bucket(START - 3_600, START)), Reason.BUCKET_OUT_OF_WINDOW);
        refusedBucket(page(bucket(START + 60, START + 3_660)), Reason.BUCKET_MISALIGNED);
        refusedBucket(page(bucket(START, START + 7_200)), Reason.BUCKET_MISALIGNED);
        refusedBucket(page(bucket(START, START)), Reason.BUCKET_MISALIGNED);
        refusedBucket(page(bucket(START, START + 1_800)), Reason.BUCKET_MISALIGNED);
        assertThat(page(bucket(START, START + 3_600), bucket(START + 60, START + 3_660))
                        .buckets())
                .as("its neighbours go on")
                .hasSize(1);
    }

    @Test
    void row_27_the_open_bucket_may_end_at_upstreams_now() {
        long open = NOON.getEpochSecond();
        assertThat(page(bucket(open, open + 1)).buckets()).hasSize(1);
        date = Optional.of(NOON.plusSeconds(600));
        assertThat(page(bucket(open, open + 590)).buckets()).hasSize(1);
        refusedBucket(page(bucket(open, open + 200)), Reason.BUCKET_MISALIGNED);
    }

    @Test
    void row_30_times_that_cannot_be_move_nothing() {
        for (Object time : new Object[] {0, -1, START * 1_000, "\"2026-11-19T00:00:00\"", "true"}) {
            refusedBucket(page(bucket(time, START + 3_600)), Reason.TIME_OUT_OF_RANGE);
        }
        refusedBucket(page(bucket(START + 18 * 3_600, START + 19 * 3_600)), Reason.TIME_OUT_OF_RANGE);
        refusedBucket(page(bucket("null", START)), Reason.MISSING_FIELD);
        assertThat(page(bucket("1.7950464e9", START + 3_600)).buckets()).hasSize(1);
    }

    @Test
    void row_31_order_does_not_matter_and_the_old_name_of_the_list_is_known() {
        assertThat(page(bucket(START + 3_600, START + 7_200), bucket(START, START + 3_600))
                        .buckets())
                .hasSize(2);
        assertThat(only(page("{\"result\":[" + result(COUNTS) + "],\"end_time\":" + (START + 3_600) + ",\"start_time\":"
                                + START + "}"))
                        .start())
                .isEqualTo(Given.DAY);
    }

    @Test
    void rows_36_37_what_is_new_is_counted_and_passes() {
        Point point = only(completions(result(
                COUNTS + ",\"input_smell_tokens\":7,\"mood\":3.5,\"note\":\"x\",\"nested\":{\"input_tokens\":1}")));
        assertThat(number(point, "input_smell_tokens")).isEqualTo("7");
        assertThat(requireNonNull(point.measures().get("input_smell_tokens")).unit())
                .isEqualTo("tokens");
        assertThat(number(point, "mood")).isEqualTo("3.5");
        assertThat(requireNonNull(point.measures().get("mood")).unit()).isEqualTo("unknown");
        assertThat(point.measures()).doesNotContainKeys("note", "nested");
        assertThat(drift.of("completions")).containsOnlyKeys("input_smell_tokens", "mood", "note", "nested");
        Page.Buckets page =
                completions("{\"object\":\"organization.usage.dreams.result\"," + COUNTS + "}", result(COUNTS));
        assertThat(page.buckets().get(0).rows()).hasSize(1);
        assertThat(page.buckets().get(0).quarantined())
                .extracting(Quarantined::reason)
                .containsExactly(Reason.UNKNOWN_OBJECT);
    }

    @Test
    void row_38_a_required_number_that_is_missing_or_null_costs_its_row() {
        Quarantined missing =
                refused(completions(result("\"input_tokens\":1,\"output_tokens\":1")), Reason.MISSING_FIELD);
        assertThat(missing.pointer()).isEqualTo("/data/0/results/0/num_model_requests");
        refused(completions(result(COUNTS.replace("10", "null"))), Reason.MISSING_FIELD);
        refused(completions("{" + COUNTS + "}"), Reason.MISSING_FIELD);
    }

    @Test
    void row_39_absent_and_null_are_not_zero() {
        Point point = only(completions(result(COUNTS + ",\"input_cached_tokens\":null,\"output_audio_tokens\":0")));
        assertThat(point.measures()).doesNotContainKey("input_cached_tokens").containsKey("output_audio_tokens");
    }

    @Test
    void rows_40_41_numbers_are_exact_or_refused() {
        refused(completions(result(COUNTS.replace("10", "\"10\""))), Reason.BAD_NUMBER);
        for (String text : List.of(" 12 ", "１２", "", "1,5", "0x10", "NaN", "Infinity", "+1", "1e", ".5", "1_0")) {
            refused(costs(cost("{\"value\":\"" + text + "\",\"currency\":\"usd\"}")), Reason.BAD_NUMBER);
        }
        for (String number : List.of("1e400", "1e1000000000", "-1e-1000000000", "1e-400", "9".repeat(1_001))) {
            refused(costs(cost("{\"value\":" + number + ",\"currency\":\"usd\"}")), Reason.BAD_NUMBER);
        }
        // rounded to 18 decimals it would have 21 digits before the point
        refused(
                costs(cost("{\"value\":" + "9".repeat(20) + "." + "9".repeat(19) + ",\"currency\":\"usd\"}")),
                Reason.OVERFLOW);
        assertThat(number(only(costs(cost("{\"value\":\"12.50\",\"currency\":\"usd\"}"))), "amount"))
                .isEqualTo("12.5");
        assertThat(number(only(costs(cost("{\"value\":\"1e3\",\"currency\":\"usd\"}"))), "amount"))
                .isEqualTo("1000");
        assertThat(number(only(costs(cost("{\"value\":-0.0,\"currency\":\"usd\"}"))), "amount"))
                .isEqualTo("0");
        assertThat(number(only(costs(cost("{\"value\":0e1000000000,\"currency\":\"usd\"}"))), "amount"))
                .isEqualTo("0");
        assertThatThrownBy(() -> completions(result(COUNTS.replace("10", "NaN"))))
                .isInstanceOf(UpstreamException.class)
                .hasMessageStartingWith("malformed_json");
    }

    @Test
    void rows_42_43_44_counts_are_whole_and_not_negative() {
        refused(completions(result(COUNTS.replace("10", "-1"))), Reason.NEGATIVE_COUNT);
        refused(completions(result(COUNTS.replace("10", "10.5"))), Reason.NOT_INTEGRAL);
        refused(completions(result(COUNTS.replace("10", "9223372036854775808"))), Reason.OVERFLOW);
        refused(completions(result(COUNTS.replace("10", "9".repeat(30)))), Reason.OVERFLOW);
        assertThat(number(only(completions(result(COUNTS.replace("10", "9223372036854775807")))), "input_tokens"))
                .isEqualTo("9223372036854775807");
        assertThat(number(only(completions(result(COUNTS.replace("10", "9007199254740993")))), "input_tokens"))
                .isEqualTo("9007199254740993");
        assertThat(number(only(completions(result(COUNTS.replace("10", "10.0")))), "input_tokens"))
                .isEqualTo("10");
        assertThat(number(only(completions(result(COUNTS.replace("10", "1e3")))), "input_tokens"))
                .isEqualTo("1000");
        assertThat(number(only(costs(cost("{\"value\":-3.25,\"currency\":\"usd\"}"))), "amount"))
                .as("a credit")
                .isEqualTo("-3.25");
        Point seconds = only(decode(
                Given.type(PROVIDER, "audio_transcriptions"),
                List.of(),
                Grain.HOUR,
                Given.ONE_DAY,
                "{\"data\":["
                        + bucket(
                                START,
                                START + 3_600,
                                "{\"object\":\"organization.usage.audio_transcriptions.result\",\"seconds\":10.5,\"num_model_requests\":1}")
                        + "],\"has_more\":false}"));
        assertThat(number(seconds, "seconds")).isEqualTo("10.5");
    }

    @Test
    void row_45_money_keeps_its_exact_text_and_zero_is_zero() {
        Point fine = only(costs(cost("{\"value\":\"0.003627500000000000012345000000000000\",\"currency\":\"usd\"}")));
        assertThat(number(fine, "amount")).isEqualTo("0.0036275");
        assertThat(requireNonNull(fine.measures().get("amount")).exact()).contains("0.003627500000000000012345");
        Point even = only(costs(cost("{\"value\":\"0.1739150000000000000000000000\",\"currency\":\"usd\"}")));
        assertThat(number(even, "amount")).isEqualTo("0.173915");
        assertThat(requireNonNull(even.measures().get("amount")).exact()).isEmpty();
        Point zero = only(costs(cost("{\"value\":\"0E-6176\",\"currency\":\"usd\"}")));
        assertThat(requireNonNull(zero.measures().get("amount")).isZero()).isTrue();
        assertThat(zero.dimensions())
                .containsEntry("currency", Optional.of("usd"))
                .hasSize(3);
    }

    @Test
    void row_46_a_currency_is_never_assumed() {
        for (String currency : List.of(
                "", ",\"currency\":null", ",\"currency\":\"\"", ",\"currency\":\"dollars\"", ",\"currency\":7")) {
            refused(costs(cost("{\"value\":1" + currency + "}")), Reason.BAD_CURRENCY);
        }
        refused(costs(cost("null")), Reason.MISSING_FIELD);
        refused(costs(cost("{\"currency\":\"usd\"}")), Reason.MISSING_FIELD);
    }

    @Test
    void costs_have_their_quantity_in_its_unit() {
        String row =
                "{\"object\":\"organization.costs.result\",\"amount\":{\"value\":1,\"currency\":\"eur\"},\"quantity\":2.5";
        Point unit = only(costs(row + ",\"quantity_unit\":\"1000_tokens\",\"line_item\":\"x\"}"));
        assertThat(requireNonNull(unit.measures().get("quantity")).unit()).isEqualTo("1000_tokens");
        assertThat(requireNonNull(only(costs(row + ",\"quantity_unit\":null}"))
                                .measures()
                                .get("quantity"))
                        .unit())
                .isEqualTo("unknown");
        assertThat(only(costs(row.replace("2.5", "null") + "}")).measures()).containsOnlyKeys("amount");
        Point text = only(costs(row.replace("2.5", "\"2.50\"") + "}"));
        assertThat(number(text, "quantity")).isEqualTo("2.5");
        assertThat(number(text, "amount")).isEqualTo("1");
    }

    @Test
    void a_unit_is_no_longer_than_the_name_of_a_number() {
        String row =
                "{\"object\":\"organization.costs.result\",\"amount\":{\"value\":1,\"currency\":\"eur\"},\"quantity\":2"
                        + ",\"quantity_unit\":\"%s\"}";
        Point longest = only(costs(row.formatted("u".repeat(64))));
        assertThat(requireNonNull(longest.measures().get("quantity")).unit()).hasSize(64);
        refused(costs(row.formatted("u".repeat(65))), Reason.OVERFLOW);
    }

    @Test
    void costs_that_are_read_once_more_by_another_grouping_are_money_and_come_in_days() {
        StreamType byKey =
                PROVIDER.custom("costs_by_key", "/organization/costs").orElseThrow();
        assertThat(byKey.defaultWidth()).isEqualTo(Grain.DAY);
        assertThat(byKey.perPage(Grain.HOUR)).isEmpty();
        assertThat(byKey.lookback()).isEqualTo(Given.type(PROVIDER, "costs").lookback());
        Point point = only(decode(
                byKey,
                List.of("api_key_id"),
                Grain.DAY,
                Given.ONE_DAY,
                "{\"data\":["
                        + bucket(
                                START,
                                START + 86_400,
                                "{\"object\":\"organization.costs.result\",\"api_key_id\":\"k\",\"quantity\":7,"
                                        + "\"amount\":{\"value\":\"0.25\",\"currency\":\"usd\"}}")
                        + "],\"has_more\":false}"));
        assertThat(number(point, "amount")).isEqualTo("0.25");
        assertThat(point.dimensions()).containsOnlyKeys("api_key_id", "currency");
    }

    @Test
    void row_47_equal_twins_are_one_and_contradictions_are_both_set_aside() {
        assertThat(only(completions(result(COUNTS + ",\"model\":\"a\""), result(COUNTS + ",\"model\":\"a\""))))
                .isNotNull();
        Page.Buckets page = completions(
                result(COUNTS + ",\"model\":\"a\""),
                result(COUNTS.replace("10", "11") + ",\"model\":\"a\""),
                result(COUNTS + ",\"model\":null"),
                result(COUNTS + ",\"model\":\"\""));
        assertThat(page.buckets().get(0).rows()).hasSize(2);
        assertThat(page.buckets().get(0).quarantined())
                .extracting(Quarantined::reason)
                .containsExactly(Reason.DUPLICATE_KEY, Reason.DUPLICATE_KEY);
        assertThat(page.buckets().get(0).quarantined().get(1).fragment().orElseThrow())
                .contains("\"input_tokens\":11");
    }

    @Test
    void a_bucket_that_is_set_aside_counts_where_it_begins() {
        assertThat(refusedBucket(page(bucket(START, START + 1_800)), Reason.BUCKET_MISALIGNED)
                        .time())
                .contains(Instant.ofEpochSecond(START));
        assertThat(refusedBucket(page(bucket(START, "\"soon\"")), Reason.TIME_OUT_OF_RANGE)
                        .time())
                .contains(Instant.ofEpochSecond(START));
        for (Object unknown : List.of(START + "000", "\"2026-11-19T00:00:00Z\"", 0, START + ".5e3")) {
            assertThat(refusedBucket(page(bucket(unknown, START + 3_600)), Reason.TIME_OUT_OF_RANGE)
                            .time())
                    .isEmpty();
        }
    }

    @Test
    void row_48_a_grouping_that_upstream_ignores_is_said() {
        assertThat(completions(result(COUNTS + ",\"model\":\"a\",\"user_id\":null"))
                        .ignoredGrouping())
                .isTrue();
        assertThat(completions(result(COUNTS + ",\"model\":\"a\",\"user_id\":\"u\""))
                        .ignoredGrouping())
                .isFalse();
        assertThat(completions().ignoredGrouping()).isFalse();
    }

    @Test
    void a_field_twice_or_half_a_surrogate_pair_costs_the_row() {
        refused(completions(result(COUNTS + ",\"input_tokens\":11")), Reason.DUPLICATE_KEY);
        refused(completions(result(COUNTS + ",\"model\":\"\\ud83d\"")), Reason.MALFORMED_JSON);
        assertThat(only(completions(result(COUNTS + ",\"model\":\"\\ud83d\\ude00\""))))
                .isNotNull();
        refused(completions("7"), Reason.UNKNOWN_OBJECT);
        refused(completions("null"), Reason.UNKNOWN_OBJECT);
        refused(completions("[[1]]"), Reason.UNKNOWN_OBJECT);
    }

    @Test
    void user_ids_are_kept_hashed_or_dropped() {
        String row = result(COUNTS + ",\"model\":\"m\",\"user_id\":\"user-canary\"");
        assertThat(only(completions(row)).dimensions()).containsEntry("user_id", Optional.of("user-canary"));
        userIds = new UserIds.Hash(Secret.of("pepper"));
        String hashed = requireNonNull(only(completions(row)).dimensions().get("user_id"))
                .orElseThrow();
        assertThat(hashed).matches("[0-9a-f]{32}");
        assertThat(refused(completions(row.replace("10", "-1")), Reason.NEGATIVE_COUNT)
                        .fragment()
                        .orElseThrow())
                .doesNotContain("user-canary");
    }

    @Test
    void what_is_set_aside_shows_no_secret_and_no_person() {
        String row = result(
                COUNTS.replace("10", "-1")
                        + ",\"owner_email\":\"canary@example.com\",\"full_name\":\"Ann Canary\",\"key\":\"sk-admin-canary\","
                        + "\"note\":\"ask canary@example.com or c2stYWRtaW4tY2FuYXJ5\",\"project_id\":\"proj_1\",\"input\":{\"prompt\":\"Canary\"}");
        Quarantined refused = refused(completions(row), Reason.NEGATIVE_COUNT);
        assertThat(refused.fragment().orElseThrow())
                .doesNotContainIgnoringCase("canary")
                .doesNotContain("c2stYWRtaW4tY2FuYXJ5")
                .contains("\"input_tokens\":-1")
                .contains("proj_1");
        assertThat(refused.digest()).isEqualTo(Digest.of(row));
        assertThat(refused.time()).contains(Given.DAY);
        String long_ =
                result(COUNTS.replace("10", "-1") + ",\"note\":[" + "\"xxxxxxxxxxxxxxxx\",".repeat(5_000) + "0]");
        Optional<String> fragment =
                refused(completions(long_), Reason.NEGATIVE_COUNT).fragment();
        assertThat(fragment.orElse("").getBytes(StandardCharsets.UTF_8).length).isBetween(100, 8 * 1024);
    }

    @Test
    void a_stream_that_is_only_a_path_takes_any_result_of_an_organization() {
        StreamType weather =
                PROVIDER.custom("weather", "/organization/usage/weather").orElseThrow();
        Page.Buckets page = decode(
                weather,
                List.of("project_id"),
                Grain.HOUR,
                Given.ONE_DAY,
                "{\"data\":["
                        + bucket(
                                START,
                                START + 3_600,
                                "{\"object\":\"organization.usage.weather.result\",\"storms\":2,\"project_id\":\"p\"}")
                        + "],\"has_more\":true,\"next_page\":\"page_x\"}");
        assertThat(number(only(page), "storms")).isEqualTo("2");
        assertThat(page.more()).isTrue();
        assertThat(page.cursor()).contains("page_x");
    }

    @Test
    void row_23_a_cursor_beside_has_more_false_is_noted_and_not_followed() {
        Page.Buckets page = decode(
                Given.type(PROVIDER, "completions"),
                List.of(),
                Grain.HOUR,
                Given.ONE_DAY,
                "{\"data\":[],\"has_more\":false,\"next_page\":\"page_x\"}");
        assertThat(page.more()).isFalse();
        assertThat(drift.of("completions")).containsKey("cursor_extra");
    }
}
