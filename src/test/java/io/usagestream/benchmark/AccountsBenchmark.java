package io.usagestream.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.benchmark.WatchedService.Stretch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What accounts cost, with three streams each, on one instance of 1 GB of heap: CPU, memory, delay of the event loops, a restart. Every
 * account has one row an hour, which grows every ten minutes. Then the same accounts over three instances.
 *
 * <p>{@code -Dbench.accounts=1,10,100,1000}, {@code -Dbench.seconds=15}, {@code -Dbench.poll=60} (seconds), {@code
 * -Dbench.instances=3}. For the record: {@code -Dbench.accounts=1,10,100,1000,10000 -Dbench.seconds=60}.
 */
@Tag("benchmark")
class AccountsBenchmark {
    private static final List<Integer> ACCOUNTS = Arrays.stream(
                    System.getProperty("bench.accounts", "1,10,100,1000").split(","))
            .map(Integer::parseInt)
            .toList();
    private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("bench.seconds", 15));
    private static final Duration POLL = Duration.ofSeconds(Integer.getInteger("bench.poll", 60));
    private static final int INSTANCES = Integer.getInteger("bench.instances", 3);
    private static final Duration LOOK = Duration.ofSeconds(10);
    private static final Duration NEWS = Duration.ofMinutes(10);
    private static final Duration LATE = Duration.ofSeconds(1);
    private static final Duration LOOP_LIMIT = Duration.ofMillis(20);
    private static final long HEAP_LIMIT = 1L << 30;

    /** As docs/operations.md says for thousands of accounts: the serial collector of the image stops everything for 80 ms. */
    private static final List<String> JVM = Stream.concat(
                    Bench.AS_IN_THE_IMAGE.stream(), Stream.of("-Xmx1g", "-XX:-UseSerialGC", "-XX:+UseG1GC"))
            .toList();

    @Test
    void oneInstance() {
        String before = Bench.machine();
        StringBuilder table = new StringBuilder(
                "| accounts | splits | start to all running | CPU, share of a core | greatest lag | heap after collection | event-loop delay p99 | lane restored, mean / greatest | restart to all lanes / all running |\n"
                        + "|---|---|---|---|---|---|---|---|---|\n");
        List<String> tooMuch = new ArrayList<>();
        try (Bench bench = bench()) {
            for (int accounts : ACCOUNTS) {
                String prefix = "accounts" + accounts;
                Fleet fleet = Fleet.of(accounts, Fleet.THREE, POLL);
                table.append(String.format(Locale.ROOT, "| %,d | %,d ", accounts, accounts * 3));
                first(bench, fleet, prefix, table, tooMuch);
                again(bench, fleet, prefix, table);
                bench.deleteTopics(prefix + ".");
            }
        }
        System.out.println("polled every " + POLL.toSeconds() + " s; before: " + before + "; after: " + Bench.machine()
                + "\n\n" + table);
        assertThat(tooMuch).isEmpty();
    }

    private static void first(Bench bench, Fleet fleet, String prefix, StringBuilder table, List<String> tooMuch) {
        try (WatchedService service = WatchedService.start(bench, prefix, fleet, prefix, JVM)) {
            double started = service.awaitRunning(fleet.accounts(), fleet.accounts() * 3);
            BenchProcess.sleep(Math.max(TIME.toMillis() / 2, 10_000));
            Stretch stretch = service.watch(TIME, LOOK);
            long heap = service.heapAfterCollection();
            table.append(String.format(
                    Locale.ROOT,
                    "| %.1f s | %.1f %% | %.1f s | %d MB | %s ",
                    started,
                    stretch.share() * 100,
                    stretch.greatestLag(),
                    heap >> 20,
                    stretch.loopDelay()));
            if (stretch.greatestLag() * 1_000 > POLL.plus(LATE).toMillis()) {
                tooMuch.add(fleet.accounts() + " accounts are not within their interval");
            }
            if (heap > HEAP_LIMIT) {
                tooMuch.add(fleet.accounts() + " accounts take " + heap + " bytes");
            }
            if (!stretch.loopDelayAtMost(LOOP_LIMIT)) {
                tooMuch.add(fleet.accounts() + " accounts delay event loops, p99 " + stretch.loopDelay());
            }
            service.process().terminate();
        }
    }

    private static void again(Bench bench, Fleet fleet, String prefix, StringBuilder table) {
        try (WatchedService service = WatchedService.start(bench, prefix + "-again", fleet, prefix, JVM)) {
            double lanes = service.awaitLanes(fleet.lanes());
            Scrape scrape = service.scrape();
            double running = service.awaitRunning(fleet.accounts(), fleet.accounts() * 3);
            table.append(String.format(
                    Locale.ROOT,
                    "| %.2f / %.2f s | %.1f / %.1f s |%n",
                    scrape.sum("restore_duration_seconds_sum", "") / fleet.lanes(),
                    scrape.greatest("restore_duration_seconds_max"),
                    lanes,
                    running));
        }
    }

    @Test
    void severalInstances() {
        int accounts = ACCOUNTS.get(ACCOUNTS.size() - 1);
        String before = Bench.machine();
        StringBuilder table = new StringBuilder(
                "| instance | lanes | sources that run | CPU, share of a core | requests/s | greatest lag | event-loop delay p99 |\n|---|---|---|---|---|---|---|\n");
        List<WatchedService> services = new ArrayList<>();
        try (Bench bench = bench()) {
            Fleet fleet = new Fleet(
                    accounts, Fleet.THREE, 4 * INSTANCES, Fleet.of(1, "", POLL).start(), POLL, Duration.ofMinutes(30));
            for (int i = 0; i < INSTANCES; i++) {
                services.add(WatchedService.start(bench, "several" + i, fleet, "several", JVM));
            }
            double all = 0;
            while (all < accounts) {
                BenchProcess.sleep(500);
                all = services.stream()
                        .mapToDouble(service -> Scrape.of(service.port())
                                .map(scrape -> scrape.sum("source_state", "state=\"running\""))
                                .orElse(0.0))
                        .sum();
            }
            BenchProcess.sleep(TIME.toMillis() / 2);
            List<Stretch> stretches = services.parallelStream()
                    .map(service -> service.watch(TIME, LOOK))
                    .toList();
            for (int i = 0; i < INSTANCES; i++) {
                Stretch stretch = stretches.get(i);
                table.append(String.format(
                        Locale.ROOT,
                        "| %d | %.0f | %.0f | %.1f %% | %.0f | %.1f s | %s |%n",
                        i + 1,
                        stretch.after().greatest("lanes_owned"),
                        stretch.after().sum("source_state", "state=\"running\""),
                        stretch.share() * 100,
                        stretch.requests() / stretch.seconds(),
                        stretch.greatestLag(),
                        stretch.loopDelay()));
            }
            System.out.printf(
                    Locale.ROOT,
                    "%,d accounts; before: %s; after: %s%n%n%s%n",
                    accounts,
                    before,
                    Bench.machine(),
                    table);
            assertThat(stretches)
                    .allSatisfy(stretch ->
                            assertThat(stretch.after().greatest("lanes_owned")).isEqualTo(4.0));
        } finally {
            services.forEach(WatchedService::close);
        }
    }

    private static Bench bench() {
        return new Bench(TickingUpstream.class, List.of(String.valueOf(NEWS.toMillis()), "1", "0"));
    }
}
