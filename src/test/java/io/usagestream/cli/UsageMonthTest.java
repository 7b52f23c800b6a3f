package io.usagestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.usagestream.dev.upstream.ledger.Meter;
import io.usagestream.dev.upstream.ledger.TrueRow;
import io.usagestream.dev.upstream.ledger.Truth;
import io.usagestream.stream.Grain;
import io.usagestream.stream.Measure;
import io.usagestream.stream.Window;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A month of both providers, as {@code usage} sums it up and as upstream's ledger does. */
class UsageMonthTest {
    private static final List<String> BY_MODEL = List.of("project_id", "model");
    private static final List<String> BY_ITEM = List.of("project_id", "line_item");

    @TempDir
    Path folder;

    @Test
    void theSummaryEqualsTheLedgerToTheLastDigitAndMarkdownRendersAsTables() throws Exception {
        try (CommandStage stage = new CommandStage(
                folder,
                Duration.ofDays(30),
                "{completions: {bucket-width: 1h, group-by: [project_id, model]},"
                        + " costs: {group-by: [project_id, line_item]}}",
                "{model-usages: {}, consumption: {}}")) {
            stage.catchUp();
            String first = Window.dayOf(stage.start()).toString();
            String last = Window.dayOf(Instant.now()).toString();

            CommandStage.Said json = stage.run(
                    "usage", "--start-date", first, "--end-date", last, "--include", "modelUsages.daily,usages.daily");
            CommandStage.Said markdown =
                    stage.run("usage", "--start-date", first, "--end-date", last, "--format", "markdown");

            assertThat(json.status()).as(json.err()).isZero();
            JsonNode answer = new ObjectMapper().readTree(json.out());
            Window month = new Window(stage.start(), Grain.DAY.ceil(Instant.now()));
            Truth truth = new Truth(stage.ledger());
            List<TrueRow> completions = truth.usage(1, Meter.COMPLETIONS, Grain.HOUR, BY_MODEL, hours(month));
            List<TrueRow> costs = truth.costs(1, BY_ITEM, month);
            List<TrueRow> models = daily(month, day -> truth.series(1, "model-usages", Grain.HOUR, Set.of(), day));
            List<TrueRow> users = daily(month, day -> truth.series(1, "consumption", Grain.DAY, Set.of(), day));

            assertThat(said(answer.at("/totals/streams"), "stream"))
                    .isEqualTo(Map.of(
                            "completions", sums(completions, row -> "").get(""),
                            "costs", sums(costs, row -> "").get(""),
                            "model-usages", sums(models, row -> "").get(""),
                            "consumption", sums(users, row -> "").get("")));
            assertThat(said(answer.at("/costs"), "lineItem")).isEqualTo(sums(costs, by("line_item")));
            assertThat(said(answer.at("/consumption"), "userId")).isEqualTo(sums(users, by("user_id")));
            Map<String, Map<String, BigDecimal>> both = new TreeMap<>(sums(models, by("model_id")));
            both.putAll(sums(completions, by("model")));
            // what line items of a model cost stands beside what it used
            assertThat(withoutMoney(said(answer.at("/modelUsages"), "modelId"))).isEqualTo(both);
            Map<String, Map<String, BigDecimal>> days = new TreeMap<>(sums(models, byDayAnd("model_id")));
            days.putAll(sums(completions, byDayAnd("model")));
            assertThat(said(answer.at("/sections/modelUsages.daily/items"), "modelId"))
                    .hasSizeGreaterThan(100)
                    .isEqualTo(days);

            assertThat(markdown.status()).as(markdown.err()).isZero();
            assertTables(markdown.lines());
        }
    }

    private static Window hours(Window window) {
        return new Window(window.from(), Grain.HOUR.ceil(window.to()));
    }

    private static List<TrueRow> daily(Window window, Function<Window, List<TrueRow>> rows) {
        return window.days().map(Window::of).map(rows).flatMap(List::stream).toList();
    }

    private static Function<TrueRow, String> by(String dimension) {
        return row -> row.dimensions().getOrDefault(dimension, Optional.empty()).orElse("null");
    }

    private static Function<TrueRow, String> byDayAnd(String dimension) {
        return row -> Window.dayOf(row.start()) + " " + by(dimension).apply(row);
    }

    /** The ledger's sums by {@code measure/unit}, without zeros; a row's money has the 18 decimals of a record. */
    private static Map<String, Map<String, BigDecimal>> sums(List<TrueRow> rows, Function<TrueRow, String> group) {
        Map<String, Map<String, BigDecimal>> sums = new TreeMap<>();
        for (TrueRow row : rows) {
            Map<String, BigDecimal> of = sums.computeIfAbsent(group.apply(row), g -> new HashMap<>());
            row.measures()
                    .forEach((name, quantity) -> of.merge(
                            name + "/" + quantity.unit(),
                            Measure.of(quantity.amount(), quantity.unit()).value(),
                            BigDecimal::add));
        }
        sums.values().forEach(UsageMonthTest::normal);
        return sums;
    }

    /** The command's sums, in the same form. */
    private static Map<String, Map<String, BigDecimal>> said(JsonNode lines, String name) {
        Map<String, Map<String, BigDecimal>> sums = new TreeMap<>();
        for (JsonNode line : lines) {
            String day = line.has("date") ? line.get("date").asText() + " " : "";
            Map<String, BigDecimal> of = new HashMap<>();
            line.get("sums")
                    .properties()
                    .forEach(sum ->
                            of.put(sum.getKey(), new BigDecimal(sum.getValue().asText())));
            assertThat(sums.put(day + line.get(name).asText(), normal(of)))
                    .as("a line twice")
                    .isNull();
        }
        return sums;
    }

    private static Map<String, BigDecimal> normal(Map<String, BigDecimal> sums) {
        sums.values().removeIf(sum -> sum.signum() == 0);
        sums.replaceAll((name, sum) -> sum.stripTrailingZeros());
        return sums;
    }

    private static Map<String, Map<String, BigDecimal>> withoutMoney(Map<String, Map<String, BigDecimal>> sums) {
        sums.values().forEach(of -> of.keySet().removeIf(name -> name.startsWith("amount/")));
        return sums;
    }

    /** Every table has a head, a rule and rows, all of as many cells. */
    private static void assertTables(List<String> lines) {
        List<List<String>> tables = new ArrayList<>();
        boolean within = false;
        for (String line : lines) {
            if (line.startsWith("|")) {
                if (!within) {
                    tables.add(new ArrayList<>());
                }
                tables.get(tables.size() - 1).add(line);
            }
            within = line.startsWith("|");
        }
        assertThat(tables).hasSizeGreaterThan(4).allSatisfy(table -> {
            assertThat(table).hasSizeGreaterThan(2);
            assertThat(table.get(1)).matches("\\|(-{3}:?\\|)+");
            assertThat(table).extracting(UsageMonthTest::cells).containsOnly(cells(table.get(1)));
        });
    }

    private static long cells(String row) {
        return row.replace("\\|", "").chars().filter(c -> c == '|').count() - 1;
    }
}
