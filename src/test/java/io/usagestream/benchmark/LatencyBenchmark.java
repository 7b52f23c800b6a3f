package io.usagestream.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * How long after upstream first shows a piece of usage a reader of committed records sees it. Every account gets a piece a second, each
 * at a moment of its own, so that the wait for the next poll is in the figures; the rest is what we add.
 *
 * <p>{@code -Dbench.accounts=100}, {@code -Dbench.seconds=120}, {@code -Dbench.poll=10} (seconds).
 */
@Tag("benchmark")
class LatencyBenchmark {
    private static final int ACCOUNTS = Integer.getInteger("bench.accounts", 100);
    private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("bench.seconds", 120));
    private static final Duration POLL = Duration.ofSeconds(Integer.getInteger("bench.poll", 10));
    private static final Duration PIECES = Duration.ofSeconds(1);
    private static final Duration LIMIT = Duration.ofMillis(250);

    @Test
    void fromUpstreamToACommittedRecord() {
        String before = Bench.machine();
        try (Bench bench = new Bench(TickingUpstream.class, List.of(String.valueOf(PIECES.toMillis()), "1", "0"));
                WatchedService service = WatchedService.start(
                        bench,
                        "latency",
                        Fleet.of(ACCOUNTS, "{completions: {}}", POLL),
                        "latency",
                        Bench.AS_IN_THE_IMAGE)) {
            service.awaitRunning(ACCOUNTS, ACCOUNTS);
            BenchProcess.sleep(TIME.toMillis() / 4);
            try (Arrivals arrivals = new Arrivals(bench.bootstrapServers(), "latency.points", PIECES)) {
                arrivals.watch(POLL.multipliedBy(2)); // what a row held before is known afterwards
                arrivals.clear();
                WatchedService.Stretch stretch = arrivals.during(() -> service.watch(TIME, Duration.ofSeconds(30)));
                System.out.printf(
                        Locale.ROOT,
                        """
                        %d sources, polled every %d s; before: %s; after: %s

                        | pieces seen | p50 | p99 | greatest | p99 above the poll interval | share of a core |
                        |---|---|---|---|---|---|
                        | %d | %d ms | %d ms | %d ms | %d ms | %.1f %% |
                        %n""",
                        ACCOUNTS,
                        POLL.toSeconds(),
                        before,
                        Bench.machine(),
                        arrivals.count(),
                        arrivals.percentile(50),
                        arrivals.percentile(99),
                        arrivals.percentile(100),
                        arrivals.percentile(99) - POLL.toMillis(),
                        stretch.share() * 100);
                assertThat(arrivals.count()).isGreaterThan(ACCOUNTS * TIME.toSeconds() / 2);
                assertThat(Duration.ofMillis(arrivals.percentile(99)))
                        .as("from upstream to Kafka, p99")
                        .isLessThanOrEqualTo(POLL.plus(LIMIT));
            }
        }
    }
}
