package io.usagestream.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.ingest.LaneStatus;
import io.usagestream.ingest.LaneStatus.Phase;
import io.usagestream.ops.Instance.ConfiguredSource;
import io.usagestream.ops.board.StatusPage;
import io.usagestream.ops.health.ProbeAnswer;
import io.usagestream.sink.SinkFailure;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Split;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a scrape shows. */
final class MetricsTest {
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    private static final Split COSTS = LivelyService.split("openai", "acme", "costs");

    private final LivelyService service = new LivelyService(InstantSource.fixed(NOW));

    @Test
    void showsEveryNameThatIsPromised() {
        service.begin();
        service.operations().observer().received(COSTS, 1234);
        for (String name : List.of(
                "build_info",
                "requests_total",
                "request_duration_seconds_bucket",
                "response_bytes_total",
                "retry_wait_seconds_total",
                "rows_total",
                "records_published_total",
                "transactions_total",
                "transaction_duration_seconds_bucket",
                "lag_seconds",
                "frontier_timestamp_seconds",
                "watermark_timestamp_seconds",
                "last_success_timestamp_seconds",
                "source_state",
                "restatements_total",
                "quarantined_total",
                "index_entries",
                "index_bytes",
                "restore_duration_seconds_bucket",
                "event_loop_delay_seconds_bucket",
                "lanes_owned",
                "late_changes_total",
                "topic_partitions_added_total",
                "kafka_produce_throttle_seconds",
                "kafka_transaction_version")) {
            assertThat(scrape()).containsPattern("(?m)^usagestream_" + name + "[ {]");
        }
        assertThat(scrape().lines().filter(line -> !line.startsWith("#")))
                .allSatisfy(line -> assertThat(line).startsWith("usagestream_"));
    }

    @Test
    void labelsResultsStatesAndReasonsByTheirClosedLists() {
        service.begin();
        assertThat(scrape())
                .contains("usagestream_transactions_total{result=\"aborted\"} 1.0")
                .contains("usagestream_transactions_total{result=\"fenced\"} 0.0")
                .contains("usagestream_source_state{source=\"subsidiary\",state=\"halted\"} 1")
                .contains("usagestream_source_state{source=\"subsidiary\",state=\"running\"} 0")
                .contains("usagestream_source_state{source=\"research\",state=\"degraded\"} 1")
                .containsPattern(
                        "usagestream_quarantined_total\\{reason=\"negative_count\",source=\"acme\",stream=\"embeddings\"} 1")
                .containsPattern("usagestream_late_changes_total\\{source=\"acme\",stream=\"costs\"} 3")
                .contains("usagestream_records_published_total{topic=\"usage.points\"}");
    }

    @Test
    void whatBrokersToldIsCountedAndStaysOnTheStatusPage() {
        service.operations().brokerNews().partitionsAdded("usage.points", 8, 12);
        service.operations().metrics().throttled(() -> Duration.ofMillis(1_500));
        assertThat(scrape())
                .contains("usagestream_topic_partitions_added_total{topic=\"usage.points\"} 4.0")
                .contains("usagestream_topic_partitions_added_total{topic=\"usage.activity\"} 0.0")
                .contains("usagestream_kafka_produce_throttle_seconds 1.5");
        StatusPage page = new StatusPage(service.operations().board());
        assertThat(page.json(service.operations().readiness().answer()))
                .containsPattern("\"conditions\":\\[\\{[^\\]]*\"usage.points\",\"text\":\"has 12 partitions, it had 8");
    }

    @Test
    void aVersionThatIsNotKnownIsNotOneThatBrokersDoNotHave() {
        assertThat(scrape()).contains("usagestream_kafka_transaction_version -1.0");
        service.operations().metrics().transactionVersion(0);
        assertThat(scrape()).contains("usagestream_kafka_transaction_version 0.0");
    }

    @Test
    void tenThousandModelsMakeNoNewSeries() {
        service.begin();
        long before = series();
        for (int i = 0; i < 10_000; i++) {
            var points = service.points(COSTS, "model-" + i, LocalDate.of(2026, 11, 19), true);
            service.operations()
                    .observer()
                    .committed(0, List.of(LivelyService.batch(COSTS, points)), Duration.ofMillis(3));
        }
        assertThat(series()).isEqualTo(before);
    }

    @Test
    void aboveTwoHundredSourcesTheLabelIsAll() {
        for (int count : new int[] {200, 201}) {
            Operations operations = with(count);
            operations.observer().page(LivelyService.split("openai", "s7", "costs"), Optional.empty(), Duration.ZERO);
            operations
                    .observer()
                    .page(LivelyService.split("openai", "s8", "costs"), Optional.of(Reason.TIMEOUT), Duration.ZERO);
            String scrape = operations.metrics().scrape();
            assertThat(scrape.contains("source=\"s7\"")).isEqualTo(count == 200);
            assertThat(scrape.contains("source=\"all\"")).isEqualTo(count == 201);
        }
    }

    @Test
    void aWaitThatIsAnnouncedAgainAndAgainIsCountedOnce() {
        for (int i = 0; i < 50; i++) {
            service.operations().metrics().waiting(COSTS, Duration.ofSeconds(30));
        }
        assertThat(scrape()).contains("usagestream_retry_wait_seconds_total{source=\"acme\",stream=\"costs\"} 30.0");
    }

    @Test
    void aReadWhoseTransactionFailedIsCountedWhenItIsDoneAgain() {
        var metrics = service.operations().metrics();
        metrics.admitted(COSTS, io.usagestream.dedup.AdmittedRows.of(5, 0, 0, 0, 0));
        metrics.commitFailed(LivelyService.lane(COSTS), new SinkFailure.Unknown("no answer"), Duration.ZERO);
        assertThat(scrape()).contains("usagestream_rows_total{result=\"new\",source=\"acme\",stream=\"costs\"} 0.0");
    }

    @Test
    void bucketsThatAreMissingUpstreamAreAnEventWithItsReason() {
        service.begin();
        service.operations().observer().gaps(COSTS, 2);
        assertThat(new StatusPage(service.operations().board())
                        .json(service.operations().readiness().answer()))
                .contains("gap: 2 buckets of closed time are missing upstream");
    }

    @Test
    void aLaneThatWentElsewhereTakesItsGaugesAlong() {
        service.begin();
        assertThat(scrape()).contains("usagestream_lag_seconds{source=\"acme\"");
        int lane = LivelyService.lane(COSTS);
        service.operations().observer().lane(new LaneStatus(lane, Phase.CLOSED, 0, NOW, Optional.empty(), 0, ""));
        assertThat(scrape())
                .doesNotContain("usagestream_lag_seconds{source=\"acme\"")
                .contains("usagestream_lanes_owned 2");
    }

    @Test
    void sourcesOfALaneThatCannotOpenLagSinceItIsOurs() {
        Instant[] now = {NOW.plus(Duration.ofDays(30))};
        Operations operations = new Operations(
                new Instance(
                        "one", "1", NOW, "usage", 1, List.of(new ConfiguredSource("s0", "openai", List.of("costs")))),
                Duration.ofMinutes(5),
                () -> now[0]);
        String lag = "(?m)^usagestream_lag_seconds\\{source=\"s0\",stream=\"costs\"} ";
        for (Phase phase : List.of(Phase.OPENING, Phase.STANDING_BACK, Phase.OPENING)) {
            operations.observer().lane(new LaneStatus(0, phase, 0, now[0], Optional.empty(), 0, "somebody else has …"));
            now[0] = now[0].plusSeconds(600);
        }
        assertThat(operations.metrics().scrape()).containsPattern(lag + "1800\\.0$");
        operations.observer().lane(new LaneStatus(0, Phase.CLOSED, 0, now[0], Optional.empty(), 0, ""));
        assertThat(operations.metrics().scrape()).doesNotContainPattern(lag);
    }

    @Test
    void whatIsSentAgainAndAgainIsBoundedAndNamesWhatNeedsAttention() {
        Operations operations = with(10_000);
        Split refused = LivelyService.split("openai", "s9999", "costs");
        operations.observer().split(LivelyService.halted(refused, NOW));
        StatusPage page = new StatusPage(operations.board());
        ProbeAnswer ready = operations.readiness().answer();
        assertThat(page.json(ready, 600))
                .hasSizeLessThan(400_000)
                .contains("\"s9999\"")
                .contains("\"sources_not_listed\":9400");
        assertThat(page.json(ready)).contains("\"s5000\"").contains("\"sources_not_listed\":0");
    }

    private static Operations with(int sources) {
        List<ConfiguredSource> configured = IntStream.range(0, sources)
                .mapToObj(i -> new ConfiguredSource("s" + i, "openai", List.of("costs")))
                .toList();
        return new Operations(
                new Instance("one", "1", NOW, "usage", 8, configured), Duration.ofMinutes(5), InstantSource.fixed(NOW));
    }

    private String scrape() {
        return service.operations().metrics().scrape();
    }

    private long series() {
        // the machine's own appear with its first collection of garbage, whatever upstream sends
        return scrape().lines()
                .filter(line -> !line.startsWith("#") && !line.startsWith("usagestream_jvm_"))
                .count();
    }
}
