package io.usagestream.query;

import static io.usagestream.stream.Grain.DAY;
import static io.usagestream.stream.Grain.HOUR;
import static io.usagestream.stream.Grain.WEEK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.usagestream.stream.Publication.PointRevision;
import io.usagestream.stream.Split;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UsageSummaryTest {
    private static final LocalDate FIRST = LocalDate.parse("2026-11-01");
    private static final LocalDate LAST = LocalDate.parse("2026-11-02");

    private final Rows rows = new Rows();

    private static UsageQuestion question(UsageSection... include) {
        return new UsageQuestion(FIRST, LAST, Optional.empty(), Set.of(include));
    }

    private static UsageAnswer answer(UsageQuestion question, PointRevision... points) {
        UsageSummary summary = new UsageSummary(question, Set.of());
        List.of(points).forEach(summary::add);
        return summary.answer();
    }

    private static BigDecimal decimal(String text) {
        return new BigDecimal(text);
    }

    @Test
    void sumsAreExactToTheLastDigit() {
        UsageAnswer answer = answer(
                question(),
                rows.row(
                        Rows.COSTS,
                        "2026-11-01T00:00:00Z",
                        DAY,
                        "project_id=p&line_item=a&currency=usd",
                        "amount=0.000000000000000001 usd"),
                rows.row(
                        Rows.COSTS,
                        "2026-11-02T00:00:00Z",
                        DAY,
                        "project_id=p&line_item=a&currency=usd",
                        "amount=12345678901234567890 usd"));

        assertThat(answer.costs()).singleElement().satisfies(line -> {
            assertThat(line.name()).contains("a");
            assertThat(line.rows()).isEqualTo(2);
            assertThat(line.sums()).containsEntry("amount/usd", decimal("12345678901234567890.000000000000000001"));
        });
    }

    @Test
    void bothDatesAreIncludedAndNothingElse() {
        UsageAnswer answer = answer(
                question(),
                rows.row(Rows.COMPLETIONS, "2026-10-31T23:00:00Z", HOUR, "model=m", "input_tokens=1 tokens"),
                rows.row(Rows.COMPLETIONS, "2026-11-01T00:00:00Z", HOUR, "model=m", "input_tokens=10 tokens"),
                rows.row(Rows.COMPLETIONS, "2026-11-02T23:00:00Z", HOUR, "model=m", "input_tokens=100 tokens"),
                rows.row(Rows.COMPLETIONS, "2026-11-03T00:00:00Z", HOUR, "model=m", "input_tokens=1000 tokens"));

        assertThat(answer.models().get(0).sum("input_tokens/tokens")).isEqualByComparingTo("110");
    }

    @Test
    void aRetractedRowCountsForNothing() {
        PointRevision row = rows.row(Rows.ASSETS, "2026-11-01T00:00:00Z", HOUR, "kind=image", "count=5 assets");

        assertThat(answer(question(), rows.gone(row)).streams()).isEmpty();
    }

    @Test
    void modelsComeByCostAndAnOpenAiModelCostsWhatItsLineItemsCost() {
        UsageAnswer answer = answer(
                question(),
                rows.row(
                        Rows.COMPLETIONS,
                        "2026-11-01T00:00:00Z",
                        HOUR,
                        "model=gpt-5&user_id=u",
                        "input_tokens=7 tokens"),
                rows.row(
                        Rows.COMPLETIONS,
                        "2026-11-01T00:00:00Z",
                        HOUR,
                        "model=gpt-5-mini&user_id",
                        "input_tokens=9 tokens"),
                rows.row(Rows.COSTS, "2026-11-01T00:00:00Z", DAY, "line_item=gpt-5, input", "amount=1.25 usd"),
                rows.row(Rows.COSTS, "2026-11-01T00:00:00Z", DAY, "line_item=gpt-5, output", "amount=2.5 usd"),
                rows.row(Rows.COSTS, "2026-11-01T00:00:00Z", DAY, "line_item=gpt-5-mini, input", "amount=9 usd"),
                rows.row(Rows.MODELS, "2026-11-01T00:00:00Z", HOUR, "model_id=a", "cost=3 cu", "jobs=1 jobs"),
                rows.row(Rows.MODELS, "2026-11-01T01:00:00Z", HOUR, "model_id=b", "cost=4 cu", "jobs=1 jobs"));

        assertThat(answer.models())
                .extracting(line -> line.name().orElse(""))
                .containsExactly("b", "a", "gpt-5-mini", "gpt-5");
        assertThat(answer.models().get(3).sums()).containsEntry("amount/usd", decimal("3.75"));
        assertThat(answer.consumption())
                .extracting(UsageLine::name)
                .containsExactlyInAnyOrder(Optional.of("u"), Optional.empty());
    }

    @Test
    void aProjectLeavesOutStreamsThatNameNoneAndSaysSo() {
        UsageSummary summary = new UsageSummary(
                new UsageQuestion(FIRST, LAST, Optional.of("p1"), Set.of(UsageSection.ACTIVITY)), Set.of());
        summary.add(rows.row(Rows.COMPLETIONS, "2026-11-01T00:00:00Z", HOUR, "project_id=p1", "input_tokens=1 tokens"));
        summary.add(rows.row(Rows.COMPLETIONS, "2026-11-01T00:00:00Z", HOUR, "project_id=p2", "input_tokens=2 tokens"));
        summary.add(rows.row(Rows.COMPLETIONS, "2026-11-01T00:00:00Z", HOUR, "project_id", "input_tokens=4 tokens"));
        summary.add(rows.row(Rows.CONSUMPTION, "2026-11-01T00:00:00Z", DAY, "user_id=u", "total=8 cu"));
        summary.add(Rows.event("2026-11-01T10:00:00Z", "p1", "u", 1, 1, "1.5"));
        summary.add(Rows.event("2026-11-01T10:00:00Z", "p2", "u", 1, 1, "2.5"));

        UsageAnswer answer = summary.answer();

        assertThat(answer.streams())
                .extracting(line -> line.name().orElse(""))
                .containsExactly("completions", "activity");
        assertThat(answer.streams().get(0).sum("input_tokens/tokens")).isEqualByComparingTo("1");
        assertThat(answer.streams().get(1).sum("creative_units_cost/cu")).isEqualByComparingTo("1.5");
        assertThat(answer.notes())
                .anySatisfy(note -> assertThat(note).startsWith("left out").contains("studio/consumption"));
    }

    @Test
    void heavySectionsAreCountedUntilTheyAreIncluded() {
        PointRevision[] points = {
            rows.row(Rows.USAGES, "2026-11-01T00:00:00Z", HOUR, "usage_name=upscale", "value=2 usage"),
            rows.row(Rows.USAGES, "2026-11-01T01:00:00Z", HOUR, "usage_name=upscale", "value=3 usage"),
            rows.row(Rows.USAGES, "2026-11-02T01:00:00Z", HOUR, "usage_name=upscale", "value=4 usage"),
            rows.row(Rows.NSFW, "2026-11-02T01:00:00Z", HOUR, "label=quiet", "count=0 assets")
        };

        UsageAnswer brief = answer(question(), points);
        UsageAnswer whole = answer(question(UsageSection.values()), points);

        assertThat(brief.sections()).isEmpty();
        assertThat(brief.counts())
                .containsEntry(UsageSection.USAGES_DAILY, 2L)
                .containsEntry(UsageSection.NSFW_USAGES, 0L);
        assertThat(whole.sections().get(UsageSection.USAGES_DAILY))
                .extracting(line -> line.day().orElseThrow() + " " + line.sum("value/usage"))
                .containsExactly("2026-11-01 5", "2026-11-02 4");
        assertThat(whole.sections().get(UsageSection.USAGES))
                .singleElement()
                .satisfies(line -> assertThat(line.sum("value/usage")).isEqualByComparingTo("9"));
        assertThat(UsageJson.text(brief)).contains("\"hint\" : \"include usages.daily: days by type of usage\"");
        assertThat(UsageJson.text(whole)).doesNotContain("\"hint\"").contains("\"value/usage\" : \"9\"");
    }

    @Test
    void markdownHoldsTablesWhoseCellsNobodyCanBreak() {
        UsageAnswer answer = answer(
                question(EnumSet.allOf(UsageSection.class).toArray(new UsageSection[0])),
                rows.row(
                        Rows.MODELS,
                        "2026-11-01T00:00:00Z",
                        HOUR,
                        "model_id=a|b<script>\n`c`",
                        "cost=1234567.12345678 cu"));

        String text = UsageMarkdown.text(answer);

        assertThat(text).contains("| studio | a\\|b\\<script\\> \\`c\\` | 1,234,567.123457 |");
        assertThat(text.lines().filter(line -> line.startsWith("|")).toList())
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).endsWith("|"));
    }

    @Test
    void whatIsNotFinalIsSaid() {
        UsageSummary summary = new UsageSummary(question(), Set.of());
        summary.add(Rows.progress(Rows.COSTS, "2026-11-02T00:00:00Z"));
        summary.add(Rows.progress(Rows.MODELS, "2026-11-03T00:00:00Z"));

        assertThat(summary.answer().notes())
                .filteredOn(note -> note.startsWith("not final yet"))
                .singleElement()
                .asString()
                .contains("acme/costs")
                .doesNotContain("model-usages");
    }

    @Test
    void finalDaysThatWereNotReadAreNamed() {
        UsageSummary summary =
                new UsageSummary(new UsageQuestion(FIRST.minusDays(9), LAST, Optional.empty(), Set.of()), Set.of());
        for (LocalDate day : List.of(FIRST.minusDays(20), FIRST.minusDays(4), FIRST.minusDays(3), FIRST, LAST)) {
            summary.add(Rows.period(Rows.COSTS, day, 1, 0));
            summary.add(Rows.period(Rows.MODELS, day, 1, 0));
        }
        summary.add(Rows.progress(Rows.COSTS, "2026-11-03T00:00:00Z"));
        summary.add(Rows.progress(Rows.MODELS, "2026-11-09T12:00:00Z"));
        summary.add(Rows.progress(Rows.ASSETS, "2026-11-03T00:00:00Z"));
        summary.add(Rows.progress(new Split("scenario", "studio", "entities"), "2026-11-03T00:00:00Z"));

        assertThat(summary.answer().notes())
                .containsExactlyInAnyOrder(
                        "not read, or not whole: 2026-10-23 to 2026-10-27, 2026-10-30 to 2026-10-31 of acme/costs,"
                                + " studio/model-usages",
                        "not read, or not whole: 2026-10-23 to 2026-11-02 of studio/asset-usages");
    }

    @Test
    void aDayThatIsNotFinalYetIsNotOneThatWasNotRead() {
        UsageSummary summary = new UsageSummary(question(), Set.of());
        summary.add(Rows.period(Rows.COSTS, FIRST, 1, 0));
        summary.add(Rows.progress(Rows.COSTS, "2026-11-02T23:00:00Z"));

        assertThat(summary.answer().notes()).singleElement().asString().startsWith("not final yet");
    }

    @Test
    void daysOfWhichTheTopicHasForgottenRowsAreNamed() {
        UsageSummary summary = new UsageSummary(new UsageQuestion(FIRST, LAST, Optional.of("p1"), Set.of()), Set.of());
        summary.add(Rows.event("2026-11-01T10:00:00Z", "p1", "u", 1, 1, "1.5"));
        summary.add(Rows.event("2026-11-02T10:00:00Z", "p2", "u", 1, 1, "1.5"));
        summary.add(Rows.period(Rows.ACTIVITY, FIRST, 2, 2));
        summary.add(Rows.period(Rows.ACTIVITY, FIRST, 1, 1)); // of a day the highest revision holds
        summary.add(Rows.period(Rows.ACTIVITY, LAST, 1, 1));
        PointRevision image = rows.row(Rows.ASSETS, "2026-11-01T00:00:00Z", HOUR, "kind=image", "count=3 assets");
        summary.add(image);
        summary.add(Rows.period(Rows.ASSETS, FIRST, 1, 2));
        summary.add(Rows.period(Rows.ASSETS, LAST, 1, 1));
        summary.add(Rows.progress(Rows.ACTIVITY, "2026-11-03T00:00:00Z"));
        summary.add(Rows.progress(Rows.ASSETS, "2026-11-03T00:00:00Z"));

        assertThat(summary.answer().notes())
                .filteredOn(note -> note.contains("fewer rows"))
                .containsExactly(
                        "the topic has fewer rows than when the day was closed, as after its retention: 2026-11-01 of"
                                + " studio/activity",
                        "the topic has fewer rows than when the day was closed, as after its retention: 2026-11-01 to"
                                + " 2026-11-02 of studio/asset-usages");
    }

    @Test
    void rowsThatCouldNotBeUnderstoodAreCountedWhereTheirWindowMeetsTheRange() {
        UsageSummary summary = new UsageSummary(question(), Set.of());
        summary.add(Rows.quarantined(Rows.COSTS, "2026-10-31T00:00:00Z", "2026-11-01T00:00:00Z"));
        summary.add(Rows.quarantined(Rows.COSTS, "2026-10-31T00:00:00Z", "2026-11-01T01:00:00Z"));
        summary.add(Rows.quarantined(Rows.COSTS, "2026-11-02T23:00:00Z", "2026-11-04T00:00:00Z"));
        summary.add(Rows.quarantined(Rows.COSTS, "2026-11-03T00:00:00Z", "2026-11-04T00:00:00Z"));

        assertThat(summary.answer().notes())
                .containsExactly("2 rows of acme/costs could not be understood and are not in these numbers, of days"
                        + " that are not final yet");
    }

    @Test
    void ofFinalDaysThePeriodSaysHowManyRowsCouldNotBeUnderstood() {
        UsageSummary summary = new UsageSummary(question(), Set.of());
        summary.add(Rows.quarantined(Rows.COSTS, "2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z")); // mended since
        summary.add(Rows.quarantined(Rows.COSTS, "2026-11-02T00:00:00Z", "2026-11-03T00:00:00Z"));
        summary.add(Rows.period(Rows.COSTS, FIRST, 1, 0, 1));
        summary.add(Rows.period(Rows.COSTS, FIRST, 2, 1, 0));
        summary.add(Rows.period(Rows.COSTS, LAST, 1, 0, 1));
        summary.add(Rows.period(Rows.MODELS, LAST, 1, 0, 2)); // its quarantine is gone by retention

        assertThat(summary.answer().notes())
                .containsExactly(
                        "1 rows of acme/costs could not be understood and are not in these numbers, of days that are"
                                + " final",
                        "2 rows of studio/model-usages could not be understood and are not in these numbers, of days"
                                + " that are final");
    }

    @Test
    void aStreamThatReadsWhatAnotherReadsIsShownAndInNoTotal() {
        Split byUser = new Split("openai", "acme", "completions_by_user");
        UsageSummary summary = new UsageSummary(question(UsageSection.USAGES), Set.of(byUser));
        String tokens = "input_tokens=7 tokens";
        summary.add(rows.row(Rows.COMPLETIONS, "2026-11-01T00:00:00Z", HOUR, "model=m&user_id=u", tokens));
        summary.add(rows.row(byUser, "2026-11-01T00:00:00Z", DAY, "model=m&user_id=u", tokens));
        UsageAnswer answer = summary.answer();

        assertThat(answer.models()).singleElement().satisfies(UsageSummaryTest::hasSeven);
        assertThat(answer.consumption()).singleElement().satisfies(UsageSummaryTest::hasSeven);
        assertThat(UsageTotals.of(answer))
                .filteredOn(total -> total.key().equals("inputTokens"))
                .extracting(UsageTotals.Total::value)
                .containsExactly(decimal("7"));
        assertThat(answer.streams()).hasSize(2).allSatisfy(UsageSummaryTest::hasSeven);
        assertThat(answer.sections().get(UsageSection.USAGES)).hasSize(2);
        assertThat(answer.notes())
                .containsExactly("read what another stream reads, and are in no total, of models and users neither:"
                        + " acme/completions_by_user");
    }

    private static void hasSeven(UsageLine line) {
        assertThat(line.sum("input_tokens/tokens")).isEqualByComparingTo("7");
    }

    @Test
    void bucketsOfAWeekAreNamed() {
        UsageAnswer answer = answer(
                question(),
                rows.row(Rows.MODELS, "2026-11-02T00:00:00Z", WEEK, "model_id=m", "cost=1 cu"),
                rows.row(Rows.ASSETS, "2026-11-02T00:00:00Z", DAY, "kind=image", "count=1 assets"));

        assertThat(answer.notes())
                .containsExactly("buckets of 7 days count whole on the day they begin: studio/model-usages");
    }

    @Test
    void ofTooManyEventsTheNewestAreShownAndAllAreCounted() {
        UsageSummary summary = new UsageSummary(question(UsageSection.ACTIVITY), Set.of());
        for (int i = 0; i <= UsageSummary.MAX_EVENTS; i++) {
            summary.add(Rows.event(
                    Instant.parse("2026-11-01T00:00:00Z").plusSeconds(i).toString(), "p", "u", 1, 1, ""));
        }

        UsageAnswer answer = summary.answer();

        assertThat(answer.activity().orElseThrow())
                .hasSize(UsageSummary.MAX_EVENTS)
                .first()
                .satisfies(event -> assertThat(event.event().time())
                        .isEqualTo(Instant.parse("2026-11-01T00:00:00Z").plusSeconds(UsageSummary.MAX_EVENTS)));
        assertThat(answer.counts()).containsEntry(UsageSection.ACTIVITY, UsageSummary.MAX_EVENTS + 1L);
        assertThat(answer.notes()).singleElement().asString().startsWith("of 10001 events the newest 10000");
    }

    @Test
    void currenciesAreNotAddedUp() {
        UsageAnswer answer = answer(
                question(),
                rows.row(Rows.COSTS, "2026-11-01T00:00:00Z", DAY, "line_item=a&currency=usd", "amount=1.5 usd"),
                rows.row(Rows.COSTS, "2026-11-02T00:00:00Z", DAY, "line_item=a&currency=usd", "amount=2 usd"),
                rows.row(Rows.COSTS, "2026-11-01T00:00:00Z", DAY, "line_item=a&currency=eur", "amount=7 eur"));

        assertThat(UsageMarkdown.text(answer)).contains("| Cost | 3.5 | usd |").contains("| Cost | 7 | eur |");
        assertThat(answer.costs())
                .singleElement()
                .satisfies(line -> assertThat(line.sums())
                        .containsExactlyInAnyOrderEntriesOf(
                                Map.of("amount/usd", decimal("3.5"), "amount/eur", decimal("7"))));
    }

    @Test
    void aRangeThatEndsBeforeItBeginsIsRefused() {
        assertThatThrownBy(() -> new UsageQuestion(LAST, FIRST, Optional.empty(), Set.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("before it begins");
    }
}
