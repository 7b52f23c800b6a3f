package io.usagestream.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.benchmark.WatchedService.Stretch;
import io.usagestream.envelope.RecordType;
import io.usagestream.query.CommittedTopics;
import io.usagestream.query.DecodedTopics;
import io.usagestream.stream.Publication;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What it costs to look and find nothing: CPU of a poll, and what goes to Kafka. Then a thousand splits once a minute.
 *
 * <p>{@code -Dbench.splits=1000}, {@code -Dbench.seconds=120}; {@code -Dbench.warm=90} is how long the second measurement waits: at 17
 * polls a second the JVM takes minutes to compile what a service that runs for months has compiled.
 */
@Tag("benchmark")
class IdleBenchmark {
    private static final int SPLITS = Integer.getInteger("bench.splits", 1_000);
    private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("bench.seconds", 120));
    private static final Duration WARM = Duration.ofSeconds(Integer.getInteger("bench.warm", 90));
    private static final Duration LOOK = Duration.ofSeconds(30);

    /** In which no hour ends: the end of a bucket is news. */
    private static final Duration NEEDED = TIME.multipliedBy(2).plus(WARM).plusSeconds(90);

    private static final double LIMIT = 0.05;
    private static final int ROWS = 6;

    @Test
    void pollsThatFindNothing() {
        awaitQuietHour();
        String before = Bench.machine();
        StringBuilder table = new StringBuilder(
                "| polls | CPU a poll | share of a core | records to Kafka | bytes to Kafka's topics | event-loop delay p99 |\n|---|---|---|---|---|---|\n");
        try (Bench bench = new Bench(TickingUpstream.class, List.of("0", String.valueOf(ROWS), "0"))) {
            measure(bench, "often", Duration.ofSeconds(2), TIME.dividedBy(4), TIME.dividedBy(4), table);
            double share = measure(bench, "idle", Duration.ofSeconds(60), WARM, TIME, table);
            System.out.println(SPLITS + " splits, " + ROWS + " rows a bucket; before: " + before + "; after: "
                    + Bench.machine() + "\n\n" + table);
            assertThat(share).as("share of a core").isLessThanOrEqualTo(LIMIT);
        }
    }

    private static double measure(
            Bench bench, String prefix, Duration poll, Duration warm, Duration time, StringBuilder table) {
        // a sweep of the lookback is progress and says so: here only polls are looked at. A split's second sweep comes
        // at any time of
        // the first interval: of thirty days two minutes would have one in every twentieth run
        Fleet fleet =
                Fleet.of(SPLITS / 2, "{completions: {}, embeddings: {}}", poll).sweptEvery(Duration.ofDays(3_650));
        try (WatchedService service = WatchedService.start(bench, prefix, fleet, prefix, Bench.AS_IN_THE_IMAGE)) {
            service.awaitRunning(SPLITS / 2, SPLITS);
            BenchProcess.sleep(warm.toMillis());
            Instant from = Instant.now();
            Stored stored = Stored.of(bench.bootstrapServers(), prefix);
            Stretch stretch = service.watch(time, LOOK);
            Stored now = Stored.of(bench.bootstrapServers(), prefix);
            service.process().terminate();
            table.append(String.format(
                    Locale.ROOT,
                    "| %.0f in %.0f s, one every %d s of %d splits | %.2f ms | %.1f %% | %d | %d | %s |%n",
                    stretch.requests(),
                    stretch.seconds(),
                    poll.toSeconds(),
                    SPLITS,
                    stretch.cpuSeconds() * 1_000 / stretch.requests(),
                    stretch.share() * 100,
                    now.records() - stored.records(),
                    now.bytes() - stored.bytes(),
                    stretch.loopDelay()));
            assertThat(stretch.requests())
                    .as("polls")
                    .isGreaterThan(SPLITS * 0.9 * time.toSeconds() / poll.toSeconds());
            assertThat(now)
                    .as(() -> "what Kafka holds; said since: " + said(bench.bootstrapServers(), prefix, from))
                    .isEqualTo(stored);
            return stretch.share();
        }
    }

    private static List<Publication> said(String bootstrapServers, String prefix, Instant from) {
        List<Publication> said = new ArrayList<>();
        try (CommittedTopics topics = new CommittedTopics(Map.of("bootstrap.servers", bootstrapServers), prefix)) {
            new DecodedTopics(topics, id -> "")
                    .read(
                            RecordType.PROGRESS,
                            record -> record.timestamp() >= from.toEpochMilli(),
                            (split, progress) -> said.add(progress));
        }
        return said;
    }

    private static void awaitQuietHour() {
        Instant now = Instant.now();
        Instant next = now.truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS);
        if (now.plus(NEEDED).isAfter(next)) {
            BenchProcess.sleep(Duration.between(now, next).toMillis() + 1_000);
        }
    }
}
