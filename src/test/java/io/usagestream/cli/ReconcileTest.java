package io.usagestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.dev.audit.Audit;
import io.usagestream.dev.upstream.ledger.Ledger;
import io.usagestream.dev.upstream.ledger.Meter;
import io.usagestream.dev.upstream.ledger.StudioEvent;
import io.usagestream.dev.upstream.ledger.StudioQuery;
import io.usagestream.dev.upstream.ledger.TrueRow;
import io.usagestream.dev.upstream.ledger.Truth;
import io.usagestream.dev.upstream.ledger.Usage;
import io.usagestream.envelope.RecordType;
import io.usagestream.it.OpenTransaction;
import io.usagestream.stream.ByName;
import io.usagestream.stream.Grain;
import io.usagestream.stream.Ids;
import io.usagestream.stream.Measure;
import io.usagestream.stream.Measures;
import io.usagestream.stream.Point;
import io.usagestream.stream.Publication.EventRevision;
import io.usagestream.stream.Publication.PointRevision;
import io.usagestream.stream.Split;
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
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code reconcile} against the truth of the simulated upstream, computed past everything that the command uses. */
class ReconcileTest {
    private static final Split EMBEDDINGS = new Split("openai", "acme-1", "embeddings");
    private static final List<String> BY = List.of("project_id", "model");
    private static final int ACCOUNT = 1;

    @TempDir
    Path folder;

    @Test
    void twentyRowsChangedBehindItsBackArePrintedAndRepaired() throws Exception {
        try (CommandStage stage = new CommandStage(
                folder,
                Duration.ofDays(4),
                "{embeddings: {bucket-width: 1h, group-by: [project_id, model]}}",
                "{activity: {}}")) {
            String to = Instant.now().toString();
            stage.catchUp();
            CommandStage.Said before = reconcile(stage, to);
            assertThat(before.status()).as(before.out()).isZero();
            assertThat(before.out()).contains("equal: no row differs", "sum of input_tokens/tokens");

            Map<String, SortedMap<String, BigDecimal>> was = embeddings(stage);
            Set<String> changed = changeFourteen(stage);
            int events = changeSixEvents(stage);
            Map<String, SortedMap<String, BigDecimal>> is = embeddings(stage);
            assertThat(differing(was, is)).isEqualTo(changed).hasSize(14);
            assertThat(events).isEqualTo(6);

            CommandStage.Said found = reconcile(stage, to);

            assertThat(found.status()).isEqualTo(ExitStatus.FAILED);
            assertThat(ids(found, "openai/")).isEqualTo(changed);
            assertThat(ids(found, "scenario/")).hasSize(6);
            assertThat(found.out()).contains("20 rows differ");
            assertThat(kinds(found))
                    .containsEntry("missing in Kafka", 6)
                    .containsEntry("extra in Kafka", 6)
                    .containsEntry("different", 8);
            String sums = "sum of input_tokens/tokens: upstream " + sum(is) + ", Kafka " + sum(was) + ", difference "
                    + sum(is).subtract(sum(was));
            assertThat(found.out()).contains(sums);

            CommandStage.Said repaired = reconcile(stage, to, "--repair");

            assertThat(repaired.status()).isEqualTo(ExitStatus.FAILED);
            assertThat(repaired.err()).contains("no service is running, so it is done here", "Done");
            CommandStage.Said after = reconcile(stage, to);
            assertThat(after.status()).as(after.out()).isZero();
            assertThat(stage.audit()).allSatisfy(finding -> assertThat(finding).matches(Audit.Finding::equal));
            assertThat(restated(stage)).isEqualTo(changed);
        }
    }

    /** Such as another lane's: what was committed behind it is there. */
    @Test
    void rowsBehindAnOpenTransactionAreWaitedFor() throws Exception {
        try (CommandStage stage =
                new CommandStage(folder, Duration.ofDays(2), "{embeddings: {bucket-width: 1h}}", "{activity: {}}")) {
            stage.catchUp();
            Instant hour = stage.ledger().asOf().minus(Duration.ofHours(5));
            String points = stage.kafka().topic("points");
            try (OpenTransaction other = new OpenTransaction(stage.kafka(), points, "somebody")) {
                stage.ledger()
                        .pieces(ACCOUNT, Meter.EMBEDDINGS, hour, hour.plusSeconds(3_600))
                        .forEach(piece -> stage.ledger().strike(ACCOUNT, piece));
                stage.catchUp();
                CompletableFuture<Void> ended = CompletableFuture.runAsync(
                        other::abort, CompletableFuture.delayedExecutor(12, TimeUnit.SECONDS));

                CommandStage.Said said = reconcile(stage, Instant.now().toString());

                assertThat(said.status()).as(said.out()).isZero();
                ended.get(30, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void theOwnerRepairsEveryKindOfStreamBesideItsLiveWork() throws Exception {
        try (CommandStage stage = new CommandStage(
                folder,
                Duration.ofDays(3),
                "{embeddings: {}, costs: {lookback: 24h}}",
                "{activity: {}, usages: {}, model-usages: {}, asset-usages: {}, consumption: {},"
                        + " entities: {enabled: true, fields: [models.name]}}")) {
            String to = Instant.now().toString();
            stage.catchUp();
            CommandStage.Said before = reconcile(stage, to);
            assertThat(before.status()).as(before.out()).isZero();
            changeFourteen(stage);
            changeSixEvents(stage);
            Engine service = stage.service();
            try {
                CommandStage.Said found = reconcile(stage, to, "--repair");

                assertThat(found.status()).isEqualTo(ExitStatus.FAILED);
                assertThat(found.err()).contains("Done").doesNotContain("done here");
                for (String stream : List.of("embeddings", "activity", "usages", "model-usages", "consumption")) {
                    assertThat(ids(found, "")).anyMatch(id -> id.contains("-1/" + stream + "/"));
                }
                CommandStage.Said after = reconcile(stage, to);
                assertThat(after.status()).as(after.out()).isZero();
            } finally {
                stage.stop(service);
            }
            assertThat(stage.audit()).allSatisfy(finding -> assertThat(finding).matches(Audit.Finding::equal));
        }
    }

    private static CommandStage.Said reconcile(CommandStage stage, String to, String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("reconcile", "--from", stage.start().toString(), "--to", to));
        arguments.addAll(List.of(more));
        return stage.run(arguments.toArray(String[]::new));
    }

    /** Four rows vanish, six grow, four appear: on the second day, which is final. */
    private static Set<String> changeFourteen(CommandStage stage) {
        Ledger ledger = stage.ledger();
        Window day = day(stage);
        Map<String, List<Usage>> rows = new TreeMap<>();
        for (Usage piece : ledger.pieces(ACCOUNT, Meter.EMBEDDINGS, day.from(), day.to())) {
            rows.computeIfAbsent(id(piece), id -> new ArrayList<>()).add(piece);
        }
        List<Map.Entry<String, List<Usage>>> some =
                rows.entrySet().stream().limit(14).toList();
        Set<String> changed = new TreeSet<>();
        for (int i = 0; i < 14; i++) {
            List<Usage> pieces = some.get(i).getValue();
            if (i < 4) {
                pieces.forEach(piece -> ledger.strike(ACCOUNT, piece));
                changed.add(some.get(i).getKey());
            } else if (i < 10) {
                ledger.add(ACCOUNT, like(pieces.get(0), 900 + i, Optional.empty()));
                changed.add(some.get(i).getKey());
            } else {
                Usage other = like(pieces.get(0), 900 + i, Optional.of("model-of-" + i));
                ledger.add(ACCOUNT, other);
                changed.add(id(other));
            }
        }
        return changed;
    }

    /** Two vanish, two get another cost, two appear. */
    private static int changeSixEvents(CommandStage stage) {
        Ledger ledger = stage.ledger();
        Window day = day(stage);
        List<StudioEvent> events = ledger
                .events(StudioQuery.of(ACCOUNT, day.from(), day.to().minusMillis(1)))
                .stream()
                .filter(event -> event.cost().isPresent() && event.isModelWork())
                .limit(6)
                .toList();
        for (int i = 0; i < events.size(); i++) {
            StudioEvent event = events.get(i);
            if (i < 4) {
                ledger.strike(ACCOUNT, event);
            }
            if (i == 2 || i == 3) {
                StudioEvent other = event.costing(event.cost().map(cost -> cost.add(new BigDecimal("0.000125"))));
                ledger.add(ACCOUNT, other.twin(4_000 + i));
            } else if (i >= 4) {
                ledger.add(ACCOUNT, event.twin(4_000 + i));
            }
        }
        return events.size();
    }

    private static Usage like(Usage piece, long id, Optional<String> model) {
        List<Optional<String>> dimensions = new ArrayList<>();
        for (String name : piece.meter().allDimensions()) {
            dimensions.add(name.equals("model") && model.isPresent() ? model : piece.dimension(name));
        }
        return new Usage(id, piece.meter(), piece.second(), dimensions, new long[] {77, 1});
    }

    private static String id(Usage piece) {
        ByName.Builder<Optional<String>> dimensions = new ByName.Builder<>();
        BY.forEach(name -> dimensions.put(name, piece.dimension(name)));
        Instant hour = Grain.HOUR.floor(Instant.ofEpochSecond(piece.second()));
        return Ids.point(EMBEDDINGS, new Point(hour, Grain.HOUR, dimensions.build(), Measures.empty()));
    }

    private static Window day(CommandStage stage) {
        return new Window(stage.start().plus(Duration.ofDays(1)), stage.start().plus(Duration.ofDays(2)));
    }

    private static Map<String, SortedMap<String, BigDecimal>> embeddings(CommandStage stage) {
        Window all = new Window(stage.start(), Grain.HOUR.ceil(stage.ledger().asOf()));
        Map<String, SortedMap<String, BigDecimal>> rows = new TreeMap<>();
        for (TrueRow row : new Truth(stage.ledger()).usage(ACCOUNT, Meter.EMBEDDINGS, Grain.HOUR, BY, all)) {
            SortedMap<String, BigDecimal> measures = new TreeMap<>();
            row.measures().forEach((name, quantity) -> measures.put(name, quantity.amount()));
            Point point = new Point(row.start(), row.grain(), ByName.of(row.dimensions()), Measures.empty());
            rows.put(Ids.point(EMBEDDINGS, point), measures);
        }
        return rows;
    }

    private static Set<String> differing(
            Map<String, SortedMap<String, BigDecimal>> was, Map<String, SortedMap<String, BigDecimal>> is) {
        Set<String> ids = new TreeSet<>(was.keySet());
        ids.addAll(is.keySet());
        ids.removeIf(id -> was.getOrDefault(id, new TreeMap<>()).equals(is.getOrDefault(id, new TreeMap<>())));
        return ids;
    }

    private static BigDecimal sum(Map<String, SortedMap<String, BigDecimal>> rows) {
        return rows.values().stream()
                .map(row -> row.getOrDefault("input_tokens", BigDecimal.ZERO))
                .reduce(BigDecimal.ZERO, (a, b) -> Measure.plain(a.add(b)));
    }

    private static Set<String> ids(CommandStage.Said said, String prefix) {
        Set<String> ids = new TreeSet<>();
        for (String line : said.lines()) {
            if (line.matches("  (missing in Kafka|extra in Kafka|different) .*")) {
                String id = line.substring(line.lastIndexOf(' ') + 1);
                if (id.startsWith(prefix)) {
                    ids.add(id);
                }
            }
        }
        return ids;
    }

    private static Map<String, Integer> kinds(CommandStage.Said said) {
        Map<String, Integer> kinds = new HashMap<>();
        said.lines().stream()
                .filter(line -> line.matches("  (missing in Kafka|extra in Kafka|different) .*"))
                .forEach(line ->
                        kinds.merge(line.strip().substring(0, line.strip().lastIndexOf(' ')), 1, Integer::sum));
        return kinds;
    }

    /** The points whose last revision says that their day had been closed. */
    private static Set<String> restated(CommandStage stage) {
        Set<String> ids = new TreeSet<>();
        stage.records(RecordType.POINT).stream()
                .map(PointRevision.class::cast)
                .filter(PointRevision::restated)
                .forEach(point -> ids.add(point.id()));
        assertThat(stage.records(RecordType.ACTIVITY).stream()
                        .map(EventRevision.class::cast)
                        .filter(event -> event.retracted() || event.revision() > 1))
                .hasSize(4);
        return ids;
    }
}
