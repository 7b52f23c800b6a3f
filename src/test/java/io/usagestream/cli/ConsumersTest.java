package io.usagestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.chaos.Child;
import io.usagestream.dev.audit.Audit;
import io.usagestream.dev.consumers.anomaly.Alert;
import io.usagestream.dev.consumers.anomaly.SpikeDetector;
import io.usagestream.dev.consumers.ledger.BillingLedger;
import io.usagestream.dev.upstream.ledger.Meter;
import io.usagestream.dev.upstream.ledger.Quantity;
import io.usagestream.dev.upstream.ledger.Temper;
import io.usagestream.dev.upstream.ledger.Truth;
import io.usagestream.dev.upstream.ledger.Usage;
import io.usagestream.envelope.RecordType;
import io.usagestream.stream.Grain;
import io.usagestream.stream.Publication.PointRevision;
import io.usagestream.stream.Publication.Progress;
import io.usagestream.stream.Window;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reference consumers behind a service that is killed in the middle and an upstream that never rests. */
class ConsumersTest {
    private static final Duration POLL = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final List<String> BY = List.of("project_id", "model");

    @TempDir
    Path folder;

    /** An alert, and when the service had read what raised it. */
    private record Raised(Alert alert, Instant readAt) {}

    @Test
    void killedInTheMiddleTheSpikeIsFoundWithinTwoPollsAndTheLedgerEqualsUpstreamToTheLastDigit() throws Exception {
        try (CommandStage stage = new CommandStage(
                folder,
                Duration.ofDays(3),
                "{completions: {bucket-width: 1h, group-by: [project_id, model]}}",
                "{activity: {}}",
                60_000,
                POLL,
                Temper.RESTLESS)) {
            stage.catchUp();
            SpikeDetector detector = new SpikeDetector();
            look(stage, detector);
            try (Child first = stage.process("first")) {
                int before = stage.records(RecordType.POINT).size();
                useAgain(stage, stage.ledger().now().minus(Duration.ofHours(8)), -2);
                await(first, () -> stage.records(RecordType.POINT).size() > before);
                Instant vanishing = vanish(stage);
                first.kill();
                try (Child second = stage.process("second")) {
                    await(
                            second,
                            () -> points(stage)
                                    .anyMatch(p -> p.retracted() && p.start().equals(vanishing)));
                    restate(stage);
                    assertThat(points(stage).filter(PointRevision::restated)).isNotEmpty();
                    assertThat(look(stage, detector)).isEmpty();

                    Instant planted = Instant.now();
                    stage.ledger().spike(1, planted);
                    List<Raised> raised = new ArrayList<>();
                    await(second, () -> raised.addAll(look(stage, detector)));
                    second.kill();
                    assertThat(raised).allSatisfy(found -> {
                        assertThat(found.alert().series()).startsWith("acme-1/completions ");
                        assertThat(found.alert().bucket()).isEqualTo(Grain.HOUR.floor(planted));
                        assertThat(found.readAt()).isBefore(planted.plus(POLL.multipliedBy(2)));
                    });
                }
            }
            stage.ledger().freeze();
            Thread.sleep(3_000);
            stage.catchUp();
            assertThat(look(stage, detector)).isEmpty();
            assertThat(stage.audit()).allSatisfy(finding -> assertThat(finding).matches(Audit.Finding::equal));
            BillingLedger bill = new BillingLedger();
            for (RecordType type : List.of(RecordType.POINT, RecordType.ACTIVITY, RecordType.PERIOD)) {
                stage.records(type).forEach(bill::add);
            }
            assertThat(bill.disagreeing()).isEmpty();
            assertThat(bill.unverified()).isEmpty();
            assertThat(bill.verified()).isPositive();
            assertThat(billed(bill)).isEqualByComparingTo(used(stage));
        }
    }

    /** Takes all usage of one row of yesterday away. Answers when its bucket begins. */
    private static Instant vanish(CommandStage stage) {
        Instant hour = Grain.HOUR.floor(stage.ledger().now().minus(Duration.ofHours(20)));
        List<Usage> pieces = stage.ledger().pieces(1, Meter.COMPLETIONS, hour, hour.plus(Grain.HOUR.width()));
        Usage one = pieces.get(0);
        pieces.stream()
                .filter(piece ->
                        BY.stream().allMatch(name -> piece.dimension(name).equals(one.dimension(name))))
                .forEach(piece -> stage.ledger().strike(1, piece));
        return hour;
    }

    /** Changes a row of a day that is final, and has the running service read that day again. */
    private static void restate(CommandStage stage) {
        Instant day = stage.start();
        useAgain(stage, day, -1);
        String from = day.toString();
        String to = day.plus(Grain.DAY.width()).toString();
        CommandStage.Said said = stage.run("backfill", "--source", "acme-1", "--from", from, "--to", to);
        assertThat(said.status()).as(said.err()).isEqualTo(ExitStatus.OK);
    }

    /** Adds a piece of usage like the first of the day that begins then; it shows at once. */
    private static void useAgain(CommandStage stage, Instant from, long id) {
        Usage like = stage.ledger()
                .pieces(1, Meter.COMPLETIONS, from, from.plus(Grain.DAY.width()))
                .get(0);
        long[] measures = IntStream.range(0, Meter.COMPLETIONS.measures().size())
                .mapToLong(like::measure)
                .toArray();
        List<Optional<String>> dimensions =
                Meter.COMPLETIONS.allDimensions().stream().map(like::dimension).toList();
        stage.ledger().add(1, new Usage(id, Meter.COMPLETIONS, like.second(), dimensions, measures));
    }

    private static void await(Child service, BooleanSupplier reached) throws InterruptedException {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (!reached.getAsBoolean()) {
            assertThat(Instant.now())
                    .as(() -> String.join("\n", service.lines()))
                    .isBefore(deadline);
            Thread.sleep(200);
        }
    }

    private static Stream<PointRevision> points(CommandStage stage) {
        return stage.records(RecordType.POINT).stream().map(PointRevision.class::cast);
    }

    private static List<Raised> look(CommandStage stage, SpikeDetector detector) {
        List<PointRevision> points = points(stage).toList();
        points.forEach(detector::add);
        stage.records(RecordType.PROGRESS).forEach(said -> detector.add((Progress) said));
        Instant readAt = points.stream()
                .map(PointRevision::observedAt)
                .max(Instant::compareTo)
                .orElse(Instant.MIN);
        return detector.alerts().stream()
                .map(alert -> new Raised(alert, readAt))
                .toList();
    }

    private static BigDecimal billed(BillingLedger bill) {
        return bill.totals().stream()
                .filter(total -> total.day().split().equals("acme-1/completions"))
                .filter(total -> total.sum().equals("input_tokens/tokens"))
                .map(BillingLedger.Total::amount)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static BigDecimal used(CommandStage stage) {
        Window all = new Window(stage.start(), Grain.HOUR.ceil(stage.ledger().asOf()));
        return new Truth(stage.ledger())
                .usage(1, Meter.COMPLETIONS, Grain.HOUR, BY, all).stream()
                        .flatMap(row -> row.measures().entrySet().stream())
                        .filter(measure -> measure.getKey().equals("input_tokens"))
                        .map(measure -> measure.getValue())
                        .map(Quantity::amount)
                        .reduce(BigDecimal.ZERO, BigDecimal::add);
    }
}
