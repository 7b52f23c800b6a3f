package io.usagestream.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.avro.UsagePoint;
import io.usagestream.envelope.Reader;
import io.usagestream.envelope.RecordType;
import io.usagestream.it.CommittedRecords;
import io.usagestream.it.SharedKafka;
import io.usagestream.source.http.RawServer;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/**
 * One process in 128 MB with a source for every upstream row of the catalogue of failures: each is answered as specified, in time,
 * while a sound source beside them lags no more than before, keys change, and no secret comes out.
 */
class HostileProcessTest {
    private static final Duration BASELINE = Duration.ofSeconds(6);
    private static final Duration SOON = Duration.ofSeconds(60);

    /** {@code -Dhostile.slow=true}: with the body that takes as long as the deadline of 120 s. */
    private static final boolean SLOW = Boolean.getBoolean("hostile.slow");

    private static final Duration REACTION = Duration.ofSeconds(SLOW ? 140 : 70);
    private static final long LONGEST_WINDOW_SECONDS = Duration.ofDays(120).toSeconds();

    private record Seen(Row row, Predicate<Watch.Reading> sign) {}

    @Test
    void every_upstream_failure_is_answered_as_specified_and_disturbs_nobody() throws Exception {
        try (RawServer stranger = RawServer.saying(RawServer.json(200, "{}"));
                ServerSocket plain = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            greetInPlain(plain);
            List<Row> rows = new ArrayList<>(WireRows.all(
                    closedPort(), plain.getLocalPort(), "http://127.0.0.1:" + stranger.port() + "/v1/gotcha"));
            rows.addAll(Bombs.all(SLOW));
            rows.addAll(PageRows.all());
            rows.addAll(ValueRows.all());
            rows.addAll(ScenarioRows.all());
            try (HostileUpstream upstream = new HostileUpstream(rows);
                    Service service = Service.start(rows, upstream)) {
                run(rows, upstream, service);
            }
            assertThat(stranger.heads()).as("nobody else saw a key").isEmpty();
        }
    }

    private static void run(List<Row> rows, HostileUpstream upstream, Service service) throws Exception {
        String console = service.console();
        try (Watch watch = new Watch(console, CalmAndKeys.CALM)) {
            long sound = rows.stream().filter(row -> row.base().isEmpty()).count();
            await("all sources are read", SOON, () -> running(watch) >= sound + 2);
            long calmFrom = System.nanoTime();
            Thread.sleep(BASELINE.toMillis());
            List<Seen> awaited = new ArrayList<>();
            for (Row row : rows) {
                awaited.add(new Seen(row, watch.await(sign(row, watch))));
            }
            long turned = System.nanoTime();
            upstream.turnHostile();
            service.backfillClosedDay("r33-" + PageRows.RESTATED);
            String keys = new KeyChange(upstream, service, watch).play();
            await(
                    "all reactions",
                    REACTION,
                    () -> awaited.stream()
                            .allMatch(seen -> watch.seen(seen.sign()).isPresent()));
            long over = System.nanoTime();
            List<Double> before = watch.lags(calmFrom, turned);
            List<Double> during = watch.lags(turned, over);
            List<String> shown = new ArrayList<>(List.of(
                    watch.get("/metrics"),
                    watch.get("/api/status"),
                    watch.get("/health"),
                    watch.get("/health/ready"),
                    watch.get("/api/usage"),
                    watch.get("/")));
            service.process().printThreads();
            Thread.sleep(500);
            watch.close();
            service.process().terminate();
            assertThat(service.process().exit(Duration.ofSeconds(15)))
                    .as("SIGTERM")
                    .hasValue(0);
            Map<String, Set<BigDecimal>> published = published();
            List<String> faults = table(awaited, upstream, watch, turned, published);
            System.out.printf(
                    Locale.ROOT,
                    "hostile: lag of the sound source: before, median %.2f s, most %.2f s (%d looks); beside %d hostile"
                            + " sources for %.0f s, median %.2f s, most %.2f s (%d looks); heap at most %.0f MB of 128%n%s%n",
                    median(before),
                    last(before),
                    before.size(),
                    rows.size(),
                    (over - turned) / 1e9,
                    median(during),
                    last(during),
                    during.size(),
                    watch.mostHeap() / 1e6,
                    keys);
            assertThat(faults).isEmpty();
            assertThat(median(during)).as("another source's lag").isLessThan(median(before) + 1);
            assertThat(last(during)).as("another source's lag at its worst").isLessThan(last(before) + 5);
            shown.addAll(service.process().lines());
            assertThat(service.process().lines())
                    .as("what people are told of rows 8, 29 and 34")
                    .anyMatch(line -> line.contains("longer wait than is heeded"))
                    .anyMatch(line -> line.contains("reason=clock_skew") || line.contains("reason=\"clock_skew\""))
                    .anyMatch(line -> line.contains("upstream rewrote history"));
            assertThat(service.process().lines()).as("threads").anyMatch(line -> line.contains("Full thread dump"));
            assertThat(shown.toString())
                    .as("nothing broke in a way that nobody knows")
                    .doesNotContain("OutOfMemory", "lane is refused");
            lookForCanaries(rows, shown);
        }
    }

    // ---- what must be seen

    private static Predicate<Watch.Reading> sign(Row row, Watch watch) {
        Map<String, String> labels = new HashMap<>(row.sign().labels());
        labels.put("source", row.source());
        double before = row.base().isEmpty() ? watch.value(row.sign().metric(), labels) : 0;
        return reading -> reading.metric().equals(row.sign().metric())
                && reading.labels().entrySet().containsAll(labels.entrySet())
                && reading.value() > before;
    }

    private static List<String> table(
            List<Seen> awaited,
            HostileUpstream upstream,
            Watch watch,
            long turned,
            Map<String, Set<BigDecimal>> published) {
        List<String> faults = new ArrayList<>();
        List<Seen> ordered = new ArrayList<>(awaited);
        ordered.sort(Comparator.comparing(seen -> seen.row().number()));
        for (Seen seen : ordered) {
            Row row = seen.row();
            List<HostileUpstream.Request> requests = upstream.requests(row.source());
            long asked = requests.isEmpty() ? turned : requests.get(0).nanos();
            Optional<Long> reacted = watch.seen(seen.sign());
            Set<BigDecimal> values = published.getOrDefault(row.source(), Set.of());
            boolean kept = values.contains(BigDecimal.valueOf(Page.KEPT).stripTrailingZeros());
            boolean never = values.contains(BigDecimal.valueOf(Page.NEVER).stripTrailingZeros());
            String wrong = (reacted.isEmpty() ? "NOT SEEN " : "")
                    + (kept == row.kept() ? "" : kept ? "PUBLISHED " : "NOT PUBLISHED ")
                    + (never ? "PUBLISHED WHAT MUST NOT BE " : "");
            String reason = Optional.ofNullable(row.sign().labels().get("reason"))
                    .orElseGet(() -> row.sign().metric().replace("usagestream_", "")
                            + row.sign().labels().values());
            System.out.printf(
                    Locale.ROOT,
                    "hostile: %-4s %-18s %-26s %6.0f ms  %s %s%n",
                    row.row(),
                    row.name(),
                    reason,
                    reacted.map(at -> (at - asked) / 1e6).orElse(Double.NaN),
                    row.done(),
                    wrong);
            if (!wrong.isEmpty()) {
                faults.add(row.source() + " " + wrong + requests.size() + " requests, " + watch.of(row.source()));
            }
            faults.addAll(requestFaults(row, requests));
        }
        faults.addAll(ElsewhereShown.print(awaited.stream().map(Seen::row).toList()));
        return faults;
    }

    /** What must hold of what was asked. */
    private static List<String> requestFaults(Row row, List<HostileUpstream.Request> requests) {
        List<String> faults = new ArrayList<>();
        boolean waits = row.source().equals("r6-seconds")
                || row.source().equals("r7-date")
                || row.source().equals("r8-millis");
        if (waits && requests.get(1).nanos() - requests.get(0).nanos() < 1_900_000_000L) {
            faults.add(row.source() + " did not wait");
        }
        if (row.row().equals("1") && requests.size() > 2) {
            faults.add(row.source() + " was asked " + requests.size() + " times with a refused key");
        }
        for (HostileUpstream.Request request : requests) {
            Asked asked = Asked.of(row.source(), 1, request.uri(), Canaries.of(row.source()));
            // row 53: windows of more than 120 days are never asked for
            if (!row.scenario() && asked.end() - asked.start() > LONGEST_WINDOW_SECONDS) {
                faults.add(row.source() + " asked for too long a window: " + request.uri());
            }
        }
        return faults;
    }

    private static Map<String, Set<BigDecimal>> published() {
        Reader reader = new Reader();
        Map<String, Set<BigDecimal>> published = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records("points")) {
            UsagePoint point = (UsagePoint) reader.read(RecordType.POINT, record.value());
            Set<BigDecimal> values = published.computeIfAbsent(String.valueOf(point.getSource()), s -> new HashSet<>());
            point.getMeasures()
                    .values()
                    .forEach(measure -> values.add(measure.getValue().stripTrailingZeros()));
        }
        return published;
    }

    private static List<ConsumerRecord<byte[], byte[]>> records(String topic) {
        return new CommittedRecords(SharedKafka.instance().settings(Service.PREFIX, 4, Map.of())).of(topic);
    }

    private static void lookForCanaries(List<Row> rows, List<String> shown) {
        StringBuilder all = new StringBuilder();
        shown.forEach(text -> all.append(text).append('\n'));
        int looked = 0;
        for (String topic : List.of(
                "activity", "points", "entities", "progress", "periods", "quarantine", "requests", "checkpoints")) {
            for (ConsumerRecord<byte[], byte[]> record : records(topic)) {
                looked++;
                for (byte[] part : new byte[][] {record.key(), record.value()}) {
                    all.append(part == null ? "" : new String(part, StandardCharsets.ISO_8859_1))
                            .append('\n');
                }
                record.headers()
                        .forEach(h -> all.append(new String(h.value(), StandardCharsets.ISO_8859_1))
                                .append('\n'));
            }
        }
        String text = all.toString();
        List<String> found = new ArrayList<>();
        int forms = 0;
        List<String> sources = new ArrayList<>(rows.stream().map(Row::source).toList());
        sources.add(CalmAndKeys.CALM);
        sources.add(CalmAndKeys.KEYS);
        for (String source : sources) {
            forms += Canaries.of(source).forms().size();
            found.addAll(Canaries.of(source).in(source, text));
        }
        System.out.printf(
                Locale.ROOT,
                "hostile: %d forms of canaries looked for in %d records and %.1f MB of output, metrics, status and threads: %d hits%n",
                forms,
                looked,
                text.length() / 1e6,
                found.size());
        assertThat(found.stream().limit(5)).isEmpty();
        assertThat(text).as("the search sees what is there").contains("missing_field", "r38-null");
    }

    // ---- the stage

    private static long running(Watch watch) {
        return watch.latest().stream()
                .filter(r -> r.metric().equals("usagestream_source_state") && r.value() > 0)
                .filter(r ->
                        Set.of("running", "catching_up").contains(r.labels().get("state")))
                .count();
    }

    static void await(String what, Duration patience, BooleanSupplier holds) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                System.out.println("hostile: waited in vain: " + what);
                return;
            }
            Thread.sleep(50);
        }
    }

    private static double median(List<Double> sorted) {
        return sorted.isEmpty() ? Double.NaN : sorted.get(sorted.size() / 2);
    }

    private static double last(List<Double> sorted) {
        return sorted.isEmpty() ? Double.NaN : sorted.get(sorted.size() - 1);
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    private static void greetInPlain(ServerSocket plain) {
        Thread greeting = new Thread(() -> {
            while (!plain.isClosed()) {
                try (var socket = plain.accept()) {
                    socket.getOutputStream().write("220 mail server\r\n".getBytes(StandardCharsets.UTF_8));
                } catch (IOException e) {
                    // it left, or the test is over
                    Thread.yield();
                }
            }
        });
        greeting.setDaemon(true);
        greeting.start();
    }
}
