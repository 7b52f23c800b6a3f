package io.usagestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.usagestream.dev.upstream.ledger.Ledger;
import io.usagestream.dev.upstream.ledger.LedgerSettings;
import io.usagestream.dev.upstream.ledger.Meter;
import io.usagestream.dev.upstream.ledger.Temper;
import io.usagestream.dev.upstream.ledger.Truth;
import io.usagestream.dev.upstream.ledger.Usage;
import io.usagestream.envelope.RecordType;
import io.usagestream.stream.Grain;
import io.usagestream.stream.Publication.PointRevision;
import io.usagestream.stream.Window;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code usage} says of a month of both providers is what the ledger behind the simulated upstream says. */
class UsageOfAMonthTest {
    private static final int DAYS = 31;

    @TempDir
    Path folder;

    @Test
    void theSummaryOfAMonthEqualsTheLedgerByModelAndByDay() throws Exception {
        try (CommandStage stage = new CommandStage(
                folder,
                Duration.ofDays(DAYS + 2),
                "{completions: {bucket-width: 1h, group-by: [project_id, user_id, model]},"
                        + " embeddings: {bucket-width: 1d, group-by: [model]}, costs: {group-by: [line_item]}}",
                "{activity: {}, usages: {}, model-usages: {}, asset-usages: {}, nsfw-usages: {}, consumption: {}}",
                60_000,
                Duration.ofSeconds(1),
                LedgerSettings.of(7, 1).withTemper(Temper.CALM).withPace(5))) {
            stage.catchUp();
            change(stage.ledger());
            stage.ledger().freeze();
            Thread.sleep(3_000); // what happened last is older than the safety lag then
            stage.catchUp();
            List<PointRevision> points = stage.records(RecordType.POINT).stream()
                    .map(PointRevision.class::cast)
                    .toList();
            assertThat(points.stream().filter(point -> point.revision() > 1)).isNotEmpty();
            assertThat(points.stream().filter(PointRevision::retracted)).isNotEmpty();

            LocalDate last = Window.dayOf(stage.ledger().asOf());
            LocalDate first = last.minusDays(DAYS - 1L);
            JsonNode said = new ObjectMapper()
                    .readTree(usage(stage, first, last, "json").out());
            LedgerMonth month = new LedgerMonth(new Truth(stage.ledger()), first, last);

            assertThat(lines(said.at("/totals/streams"), "stream", true)).isEqualTo(month.streams());
            assertThat(lines(said.at("/modelUsages"), "modelId", false)).isEqualTo(month.models());
            assertThat(lines(said.at("/sections/modelUsages.daily/items"), "modelId", false))
                    .isEqualTo(month.modelDays());
            assertThat(lines(said.at("/sections/usages.daily/items"), "usage", false))
                    .isEqualTo(month.usageDays());
            assertThat(lines(said.at("/consumption"), "userId", false)).isEqualTo(month.consumption());
            assertThat(lines(said.at("/assetUsages"), "kind", false)).isEqualTo(month.assets());
            assertThat(lines(said.at("/sections/nsfwUsages/items"), "label", false))
                    .isEqualTo(month.moderation());
            assertThat(lines(said.at("/costs"), "lineItem", false)).isEqualTo(month.costs());
            assertThat(month.modelDays().keySet())
                    .anyMatch(key -> key.startsWith("acme-1 " + first))
                    .anyMatch(key -> key.startsWith("studio-1 " + last));

            assertTables(usage(stage, first, last, "markdown").lines());
        }
    }

    /** A row of this morning or last night vanishes, another one grows: deltas count, not first values alone. */
    private static void change(Ledger ledger) {
        Instant to = Grain.HOUR.floor(ledger.now());
        List<Usage> pieces = ledger.pieces(1, Meter.EMBEDDINGS, to.minus(Duration.ofHours(20)), to);
        Usage one = pieces.get(0);
        List<Optional<String>> dimensions =
                Meter.EMBEDDINGS.allDimensions().stream().map(one::dimension).toList();
        ledger.add(1, new Usage(-1, Meter.EMBEDDINGS, one.second(), dimensions, new long[] {1_234, 5}));
        ledger.pieces(1, Meter.COMPLETIONS, to.minus(Duration.ofHours(6)), to)
                .forEach(piece -> ledger.strike(1, piece));
    }

    private static CommandStage.Said usage(CommandStage stage, LocalDate first, LocalDate last, String format) {
        CommandStage.Said said = stage.run(
                "usage",
                "--start-date",
                first.toString(),
                "--end-date",
                last.toString(),
                "--include",
                "usages,usages.daily,modelUsages.daily,nsfwUsages",
                "--format",
                format);
        assertThat(said.status()).as(said.err()).isEqualTo(ExitStatus.OK);
        return said;
    }

    /** Lines of the answer, as {@link LedgerMonth} writes them. */
    private static LedgerMonth.Lines lines(JsonNode array, String name, boolean withRows) {
        assertThat(array.isArray()).as(name).isTrue();
        LedgerMonth.Lines lines = new LedgerMonth.Lines();
        for (JsonNode line : array) {
            String key = line.get("source").asText() + " "
                    + (line.has("date") ? line.get("date").asText() + " " : "")
                    + line.get(name).asText();
            lines.computeIfAbsent(key, k -> new TreeMap<>());
            line.get("sums")
                    .properties()
                    .forEach(sum -> lines.add(
                            key, sum.getKey(), new BigDecimal(sum.getValue().asText())));
            if (withRows) {
                lines.add(key, "rows", BigDecimal.valueOf(line.get("rows").asLong()));
            }
        }
        return lines;
    }

    /** Every table has a header, a separator and rows of as many cells, and stands on its own. */
    private static void assertTables(List<String> lines) {
        int tables = 0;
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).startsWith("|")) {
                continue;
            }
            tables++;
            int cells = cells(lines.get(i));
            assertThat(lines.get(i - 1)).as("before " + lines.get(i)).isEmpty();
            assertThat(lines.get(i + 1)).matches("\\|(-+:?\\|){" + cells + "}");
            int rows = 0;
            for (i += 2; lines.get(i).startsWith("|"); i++, rows++) {
                assertThat(cells(lines.get(i))).as(lines.get(i)).isEqualTo(cells);
            }
            assertThat(rows).isPositive();
        }
        assertThat(tables).isGreaterThan(8);
    }

    /** Cells between bars that nothing escapes. */
    private static int cells(String row) {
        assertThat(row).startsWith("| ").endsWith(" |");
        return (int) row.replaceAll("\\\\.", "").chars().filter(c -> c == '|').count() - 1;
    }
}
