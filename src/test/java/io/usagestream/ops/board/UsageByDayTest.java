package io.usagestream.ops.board;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.ops.board.UsageByDay.Series;
import io.usagestream.ops.board.UsageByDay.Shown;
import io.usagestream.stream.ByName;
import io.usagestream.stream.Finality;
import io.usagestream.stream.Grain;
import io.usagestream.stream.Measure;
import io.usagestream.stream.Measures;
import io.usagestream.stream.Publication.PointRevision;
import io.usagestream.stream.Split;
import io.usagestream.stream.Utf8;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Usage by day and name: exact, and bounded. */
final class UsageByDayTest {
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

    private final UsageByDay usage = new UsageByDay();

    @Test
    void deltasAddUpToTheLastValueToTheLastDigit() {
        cost("gpt", NOW, "0.100000000000000001");
        cost("gpt", NOW, "0.2");
        cost("gpt", NOW, "-0.05");
        assertThat(last(shown().series().get(0))).isEqualTo(new BigDecimal("0.250000000000000001"));
    }

    @Test
    void theRestIsOneSeriesAndNothingOfItIsLost() {
        for (int i = 0; i < 10_000; i++) {
            cost("model-" + i, NOW, "1");
        }
        List<Series> series = shown().series();
        assertThat(series).hasSize(UsageByDay.SHOWN + 1);
        assertThat(series.get(UsageByDay.SHOWN).name()).isEqualTo(UsageByDay.OTHER);
        assertThat(series.stream().map(UsageByDayTest::last).reduce(BigDecimal.ZERO, BigDecimal::add))
                .isEqualByComparingTo("10000");
    }

    @Test
    void daysThatAreNotShownAreNotKept() {
        cost("gpt", NOW.minusSeconds(UsageByDay.DAYS * 86_400L), "5");
        assertThat(usage.shown(NOW)).isEmpty();
        cost("gpt", NOW.minusSeconds((UsageByDay.DAYS - 1) * 86_400L), "5");
        assertThat(shown().series().get(0).values().get(0)).isEqualByComparingTo("5");
    }

    @Test
    void eachCurrencyIsAChartOfItsOwnAndSubsetsOfTokensAreNotAddedTwice() {
        add("costs", "line_item", Optional.of("a"), "amount", "usd", NOW, "1");
        add("costs", "line_item", Optional.of("a"), "amount", "eur", NOW, "1");
        add("completions", "model", Optional.empty(), "input_tokens", "tokens", NOW, "100");
        add("completions", "model", Optional.empty(), "input_cached_tokens", "tokens", NOW, "60");
        assertThat(usage.shown(NOW)).extracting(Shown::id).containsExactly("cost-eur", "cost-usd", "tokens-tokens");
        assertThat(last(usage.shown(NOW).get(2).series().get(0))).isEqualByComparingTo("100");
        assertThat(usage.shown(NOW).get(2).series().get(0).name().text()).isEmpty();
    }

    private void cost(String name, Instant at, String delta) {
        add("costs", "line_item", Optional.of(name), "amount", "usd", at, delta);
    }

    private void add(
            String stream,
            String dimension,
            Optional<String> name,
            String measure,
            String unit,
            Instant at,
            String delta) {
        usage.add(
                new PointRevision(
                        new Split("openai", "acme", stream),
                        Utf8.of("id"),
                        1,
                        Grain.DAY.floor(at),
                        Grain.DAY,
                        ByName.of(dimension, name),
                        Measures.of(measure, Measure.of(new BigDecimal("99"), unit)),
                        ByName.of(measure, new BigDecimal(delta)),
                        Finality.PROVISIONAL,
                        false,
                        false,
                        at),
                NOW);
    }

    private Shown shown() {
        return usage.shown(NOW).get(0);
    }

    private static BigDecimal last(Series series) {
        return series.values().get(series.values().size() - 1);
    }
}
