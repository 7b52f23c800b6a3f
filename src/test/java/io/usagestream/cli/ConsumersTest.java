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
import io.usagestream.envelope.RecordType;
import io.usagestream.stream.Grain;
import io.usagestream.stream.Publication.PointRevision;
import io.usagestream.stream.Window;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reference consumers behind a service that is killed in the middle and an upstream that never rests. */
class ConsumersTest {
    private static final Duration POLL = Duration.ofSeconds(5);
    private static final List<String> BY = List.of("project_id", "model");

    @TempDir
    Path folder;

    @Test
    void theSpikeIsFoundWithinTwoPollsAndTheLedgerEqualsUpstreamToTheLastDigit() throws Exception {
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
            Child service = stage.process("first");
            Thread.sleep(2 * POLL.toMillis());
            service.kill();
            service = stage.process("second");
            Thread.sleep(2 * POLL.toMillis());
            assertThat(look(stage, detector)).isEmpty();

            Instant planted = Instant.now();
            stage.ledger().spike(1, planted);
            List<Alert> alerts = new ArrayList<>();
            while (alerts.isEmpty() && Instant.now().isBefore(planted.plus(POLL.multipliedBy(2)))) {
                alerts.addAll(look(stage, detector));
            }

            service.kill();
            assertThat(alerts).isNotEmpty().allSatisfy(alert -> {
                assertThat(alert.series()).startsWith("acme-1/completions ");
                assertThat(alert.bucket()).isEqualTo(Grain.HOUR.floor(planted));
            });
            stage.ledger().freeze();
            Thread.sleep(3_000);
            stage.catchUp();
            assertThat(stage.audit()).allSatisfy(finding -> assertThat(finding).matches(Audit.Finding::equal));
            BillingLedger bill = new BillingLedger();
            for (RecordType type : List.of(RecordType.POINT, RecordType.ACTIVITY, RecordType.PERIOD)) {
                stage.records(type).forEach(bill::add);
            }
            assertThat(bill.disagreeing()).isEmpty();
            assertThat(bill.unverified()).isEmpty();
            assertThat(bill.verified()).isPositive();
            assertThat(billed(bill)).isEqualByComparingTo(used(stage));
            assertThat(stage.records(RecordType.POINT)).anyMatch(point -> ((PointRevision) point).revision() > 1);
        }
    }

    private static List<Alert> look(CommandStage stage, SpikeDetector detector) {
        List<Alert> alerts = new ArrayList<>();
        stage.records(RecordType.POINT).forEach(point -> alerts.addAll(detector.add((PointRevision) point)));
        return alerts;
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
