package io.usagestream.query;

import static io.usagestream.stream.Grain.DAY;
import static io.usagestream.stream.Grain.HOUR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.usagestream.stream.Publication.PointRevision;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
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
        UsageSummary summary = new UsageSummary(question);
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
        UsageSummary summary =
                new UsageSummary(new UsageQuestion(FIRST, LAST, Optional.of("p1"), Set.of(UsageSection.ACTIVITY)));
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
        UsageSummary summary = new UsageSummary(question());
        summary.add(Rows.progress(Rows.COSTS, "2026-11-02T00:00:00Z"));
        summary.add(Rows.progress(Rows.MODELS, "2026-11-03T00:00:00Z"));

        assertThat(summary.answer().notes())
                .singleElement()
                .asString()
                .contains("acme/costs")
                .doesNotContain("model-usages");
    }

    @Test
    void aRangeThatEndsBeforeItBeginsIsRefused() {
        assertThatThrownBy(() -> new UsageQuestion(LAST, FIRST, Optional.empty(), Set.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("before it begins");
    }
}
