package io.usagestream.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * How fast the past is caught up with, against the limit (a plain transactional producer of the same bytes) and against what people use
 * instead (Kafka Connect). Pages of 1,008 rows of some 400 bytes, 210 days of each account, one lane; every peer in every round, a new
 * process each; the first round does not count.
 *
 * <p>{@code -Dbench.rounds=5}, {@code -Dbench.accounts=32}, {@code -Dbench.days=210}; to look into the service, {@code -Dbench.alone=true} without peers and
 * {@code -Dbench.jvm=…} with options of its JVM.
 */
@Tag("benchmark")
class CatchUpBenchmark {
    private static final int ROUNDS = Integer.getInteger("bench.rounds", 5);
    private static final int ACCOUNTS = Integer.getInteger("bench.accounts", 32);
    private static final boolean ALONE = Boolean.getBoolean("bench.alone");
    private static final int ROWS_AN_HOUR = 6;
    private static final int DAYS = Integer.getInteger("bench.days", 210);
    private static final String SERVICE = "usagestream";
    private static final String CONNECT = "Kafka Connect, a transaction a ";

    /** Figures of one peer, by round. */
    private record Figures(List<Double> rate, List<Double> cpu, List<Double> bytes, List<Double> full) {
        Figures() {
            this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }
    }

    private final Map<String, Figures> figures = new LinkedHashMap<>();
    private String transaction = "";

    @Test
    void catchingUpAgainstALimitAndAnAlternative() {
        String before = Bench.machine();
        try (Bench bench = new Bench(ROWS_AN_HOUR, Duration.ZERO)) {
            for (int round = 0; round <= ROUNDS; round++) {
                Instant end = Instant.now().truncatedTo(ChronoUnit.HOURS);
                Instant start = end.truncatedTo(ChronoUnit.DAYS).minus(DAYS, ChronoUnit.DAYS);
                service(bench, round, start);
                if (ALONE) {
                    continue;
                }
                plain(bench, round);
                bench.deleteTopics("service" + round);
                if (ConnectPeer.present()) {
                    connect(bench, round, "poll", start, end);
                    connect(bench, round, "interval", start, end);
                }
            }
        }
        if (ROUNDS > 0) {
            print(before);
        }
    }

    private void service(Bench bench, int round, Instant start) {
        String name = "service" + round;
        try (BenchProcess process = bench.service(name, ACCOUNTS, start, 0, "--until-caught-up")) {
            Course course = watch(bench, name + ".points", process, Long.MAX_VALUE);
            figures(round, SERVICE, process, course, bench.gcLog(name));
        }
    }

    private void plain(Bench bench, int round) {
        String topic = "plain" + round;
        bench.createTopic(topic);
        try (BenchProcess process = BenchProcess.start(
                bench.folder(),
                topic,
                Bench.peer(bench.gcLog(topic)),
                PlainProducer.class.getName(),
                List.of(
                        bench.bootstrapServers(),
                        "service" + round + ".points",
                        topic,
                        String.valueOf(Bench.PARTITIONS)))) {
            transaction = process.printed("transaction=");
            Course course = watch(bench, topic, process, Long.MAX_VALUE);
            figures(round, "plain producer", process, course, bench.gcLog(topic));
        }
        bench.deleteTopics(topic);
    }

    private void connect(Bench bench, int round, String boundary, Instant start, Instant end) {
        String name = "connect-" + boundary + round;
        bench.createTopic(name + "-rows");
        long all = ACCOUNTS * Duration.between(start, end).toHours() * ROWS_AN_HOUR;
        try (BenchProcess process = ConnectPeer.start(bench, name, boundary, ACCOUNTS, start, end)) {
            Course course = watch(bench, name + "-rows", process, all);
            figures(round, CONNECT + boundary, process, course, bench.gcLog(name));
        }
        bench.deleteTopics(name);
    }

    private static Course watch(Bench bench, String topic, BenchProcess process, long enough) {
        Course course = Course.watch(bench.bootstrapServers(), topic, Bench.PARTITIONS, process, enough);
        assertThat(course.records()).as("records in %s, see %s", topic, process).isGreaterThan(ACCOUNTS * DAYS);
        return course;
    }

    private void figures(int round, String peer, BenchProcess process, Course course, Path gcLog) {
        GcLog gc = GcLog.of(gcLog);
        double from = (course.begin().nanos() - process.started()) / 1e9;
        double to = (course.end().nanos() - process.started()) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "round %d, %s: %d records, %.0f/s, %.2f us (second half %.2f), %d full collections%n",
                round,
                peer,
                course.records(),
                course.recordsASecond(),
                course.cpuMicrosARecord(),
                course.leavingOut(0.5).cpuMicrosARecord(),
                gc.full());
        if (round > 0) {
            Figures all = figures.computeIfAbsent(peer, p -> new Figures());
            all.rate().add(course.recordsASecond());
            all.cpu().add(course.cpuMicrosARecord());
            all.bytes().add(gc.bytesASecond(from, to) / course.recordsASecond());
            all.full().add((double) gc.full());
        }
    }

    private void print(String before) {
        StringBuilder table = new StringBuilder("catch-up, medians of " + ROUNDS + " rounds; before: " + before
                + "; after: " + Bench.machine() + "; transactions of " + transaction + " records\n\n");
        table.append("| peer | records/s | usagestream is | CPU a record | allocated a record | full collections |\n");
        table.append("|---|---|---|---|---|---|\n");
        Figures own = Objects.requireNonNull(figures.get(SERVICE));
        figures.forEach((peer, f) -> table.append(String.format(
                Locale.ROOT,
                "| %s | %,.0f | %.2f × | %.2f µs | %,.0f bytes | %.0f |%n",
                peer,
                Bench.median(f.rate()),
                Bench.medianRatio(own.rate(), f.rate()),
                Bench.median(f.cpu()),
                Bench.median(f.bytes()),
                Bench.median(f.full()))));
        if (!ConnectPeer.present()) {
            table.append("Kafka Connect was not measured: it comes with the profile, -Pbenchmark\n");
        }
        System.out.println(table);
    }
}
