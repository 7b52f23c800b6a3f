package io.usagestream.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * History at the page sizes of the real APIs, with an upstream that takes 20 ms to answer. The pages of one split come one after
 * another, so latency sets a bound: the rows of a page every 20 ms.
 *
 * <p>{@code -Dbench.pages=600}.
 */
@Tag("benchmark")
class PageSizeBenchmark {
    private static final int PAGES = Integer.getInteger("bench.pages", 600);
    private static final long LATENCY = 20;
    private static final int DAYS_A_PAGE = 31;
    private static final double GOAL = 0.8;

    private final StringBuilder table = new StringBuilder(
            "| upstream | rows on a page | records | records/s | bound of latency | of the bound | CPU a record |\n|---|---|---|---|---|---|---|\n");

    @Test
    void historyAtTheRealSizesOfPages() {
        String before = Bench.machine();
        double few = buckets(6);
        double many = buckets(30);
        double log = log();
        System.out.println(
                "one split, " + LATENCY + " ms; before: " + before + "; after: " + Bench.machine() + "\n\n" + table);
        assertThat(few).as("OpenAI, 31 buckets of 6 rows").isGreaterThanOrEqualTo(GOAL);
        assertThat(many).as("OpenAI, 31 buckets of 30 rows").isGreaterThanOrEqualTo(GOAL);
        assertThat(log).as("Scenario, 100 events").isGreaterThanOrEqualTo(GOAL);
    }

    private double buckets(int rows) {
        Instant start = Instant.now().truncatedTo(ChronoUnit.DAYS).minus(PAGES * DAYS_A_PAGE, ChronoUnit.DAYS);
        return measure(
                TickingUpstream.class,
                List.of("0", String.valueOf(rows), String.valueOf(LATENCY)),
                """
                provider: openai, admin-key: sk-admin-1, start: "%s", streams: {completions: {bucket-width: 1d}}""".formatted(start),
                "points",
                "OpenAI, 31 days of " + rows + " rows",
                DAYS_A_PAGE * rows);
    }

    private double log() {
        // a slice of a day is a page too full: it is halved until it fits, and then three quarters of a page, as on
        // average
        long every = Duration.ofSeconds(144).toMillis();
        Instant start = Instant.now()
                .truncatedTo(ChronoUnit.DAYS)
                .minus(PAGES * LogUpstream.PAGE * every / Duration.ofDays(1).toMillis(), ChronoUnit.DAYS);
        return measure(
                LogUpstream.class,
                List.of(String.valueOf(every), String.valueOf(LATENCY)),
                """
                provider: scenario, api-key: k, api-secret: s, start: "%s", streams: {activity: {}}""".formatted(start),
                "activity",
                "Scenario, activity",
                LogUpstream.PAGE);
    }

    private double measure(
            Class<?> upstream, List<String> arguments, String source, String topic, String name, int rowsOnAPage) {
        try (Bench bench = new Bench(upstream, arguments)) {
            String yaml = """
                    kafka: {bootstrap.servers: "%s"}
                    topics: {prefix: pages, lanes: 1, partitions: 1, replication-factor: 1}
                    http: {host: 127.0.0.1, port: 0}
                    sources:
                      - {name: one, base-url: "%s", requests-per-minute: 60000, %s}
                    """.formatted(bench.bootstrapServers(), bench.baseUrl(), source);
            try (BenchProcess process = bench.service("pages", yaml, Bench.AS_IN_THE_IMAGE, "--until-caught-up")) {
                // one partition: a marker a transaction counts as a record
                Course course = Course.watch(bench.bootstrapServers(), "pages." + topic, 1, process, Long.MAX_VALUE)
                        .leavingOut(0.5); // of some fifteen seconds
                assertThat(course.records()).as("records, see %s", process).isGreaterThan(rowsOnAPage * PAGES / 2L);
                double bound = rowsOnAPage * 1_000.0 / LATENCY;
                double reached = course.recordsASecond() / bound;
                table.append(String.format(
                        Locale.ROOT,
                        "| %s | %d | %,d | %,.0f | %,.0f | %.2f | %.1f µs |%n",
                        name,
                        rowsOnAPage,
                        course.records(),
                        course.recordsASecond(),
                        bound,
                        reached,
                        course.cpuMicrosARecord()));
                return reached;
            }
        }
    }
}
