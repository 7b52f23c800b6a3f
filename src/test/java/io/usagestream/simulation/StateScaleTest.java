package io.usagestream.simulation;

import static io.usagestream.contract.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.checkpoint.Seal;
import io.usagestream.checkpoint.Seals;
import io.usagestream.checkpoint.Segment;
import io.usagestream.checkpoint.SegmentName;
import io.usagestream.checkpoint.SegmentPlaces;
import io.usagestream.checkpoint.SegmentReader;
import io.usagestream.contract.Samples;
import io.usagestream.dedup.DayIndex;
import io.usagestream.dedup.MeasureNames;
import io.usagestream.dedup.SeenIndex;
import io.usagestream.dedup.SeenRow;
import io.usagestream.envelope.StateFormat;
import io.usagestream.ingest.Lane;
import io.usagestream.ingest.Observer;
import io.usagestream.ingest.SourceContext;
import io.usagestream.it.SharedKafka;
import io.usagestream.plan.Budget;
import io.usagestream.plan.Gate;
import io.usagestream.sink.Batch;
import io.usagestream.sink.LaneSession;
import io.usagestream.sink.kafka.KafkaLaneLog;
import io.usagestream.sink.kafka.KafkaSettings;
import io.usagestream.sink.kafka.Topics;
import io.usagestream.source.SourceSettings;
import io.usagestream.stream.Digest;
import io.usagestream.stream.Measure;
import io.usagestream.stream.Measures;
import io.usagestream.stream.Split;
import io.usagestream.stream.Utf8;
import io.usagestream.stream.Window;
import io.vertx.core.Vertx;
import java.lang.ref.Reference;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What state costs when the lookback holds a thousand events, and when it holds a million. */
@Tag("benchmark")
class StateScaleTest {
    private static final Instant BEGIN = Instant.parse("2026-11-09T00:00:00Z");
    private static final int POLLS = 60;
    private static final Split SPLIT = new Split("scenario", "studio", "activity");

    /** What was counted in a time without faults, of a log that grows by 20 events a minute. */
    private record Steady(double requests, double commits, double state, double events) {}

    /** The service's own lane over a log of that length, through its history and an hour of polls. */
    private static final class Run implements SimLog.Audit {
        private final SimWorld world = new SimWorld(BEGIN);
        private final LongLog upstream;
        private final Map<io.usagestream.checkpoint.SegmentName, Segment> segments = new LinkedHashMap<>();
        private long commits;
        private long bytes;
        private long events;

        private final Duration lookback;

        Run(int size) {
            lookback = LongLog.PACE.multipliedBy(size);
            upstream = new LongLog(world, BEGIN.minus(lookback));
        }

        Steady steady(int size) {
            Dice dice = new Dice(1);
            SimLog log = new SimLog(world, dice, () -> Weather.CALM, 1, this);
            SourceSettings source = Scenario.activity(SPLIT, BEGIN.minus(lookback), lookback);
            SimTicker ticker = new SimTicker(world, dice.of(3));
            Gate gate = new Gate(new Budget(source.requestsPerMinute(), BEGIN));
            List<SourceContext> contexts = List.of(new SourceContext(source, upstream, gate));
            new Lane(0, log, new Sole(), contexts, ticker, new Observer() {}).start();
            Duration history = Duration.ofMinutes(30).plusMillis(size * 10L);
            world.runUntil(BEGIN.plus(history), Long.MAX_VALUE / 2);
            assertThat(events).as("events after the history").isGreaterThanOrEqualTo(size);
            long requestsBefore = upstream.requests();
            long commitsBefore = commits;
            long bytesBefore = bytes;
            long eventsBefore = events;
            world.runUntil(world.now().plus(Duration.ofMinutes(POLLS)), Long.MAX_VALUE / 2);
            return new Steady(
                    (upstream.requests() - requestsBefore) / (double) POLLS,
                    (commits - commitsBefore) / (double) POLLS,
                    (bytes - bytesBefore) / (double) (commits - commitsBefore),
                    (events - eventsBefore) / (double) POLLS);
        }

        @Override
        public void committed(int lane, List<Batch> batches) {
            commits++;
            for (Batch batch : batches) {
                events += batch.publications().stream()
                        .filter(io.usagestream.stream.Publication.EventRevision.class::isInstance)
                        .count();
                bytes += StateFormat.encode(batch.checkpoint()).length;
                batch.dropped().forEach(name -> {
                    bytes += StateFormat.key(name).length;
                    segments.remove(name);
                });
                batch.segments().forEach(segment -> {
                    bytes += StateFormat.key(segment.name()).length + StateFormat.encode(segment).length;
                    segments.put(segment.name(), segment);
                });
            }
        }
    }

    @Test
    void a_poll_and_a_commit_cost_the_same_whatever_the_lookback_holds() {
        List<Steady> all = new ArrayList<>();
        for (int size : List.of(1_000, 10_000, 100_000, 1_000_000)) {
            Steady steady = new Run(size).steady(size);
            all.add(steady);
            System.out.printf(
                    Locale.ROOT,
                    "state: %,d events in the lookback: %.2f requests and %.2f commits a poll, %.1f new events a poll, %.0f bytes of state a commit%n",
                    size,
                    steady.requests(),
                    steady.commits(),
                    steady.events(),
                    steady.state());
        }
        Steady small = all.get(0);
        assertThat(all).allSatisfy(steady -> {
            assertThat(steady.requests()).isLessThan(2 * small.requests() + 1);
            assertThat(steady.state()).isLessThan(2 * small.state());
        });
    }

    @Test
    void a_million_events_are_restored_from_the_topic_found_fast_and_held_small() throws Exception {
        int size = 1_000_000;
        List<Segment> segments = segments(size);
        Vertx vertx = Vertx.vertx();
        SharedKafka kafka = SharedKafka.instance();
        KafkaSettings settings = kafka.settings(1);
        assertThat(await(new Topics(vertx, settings, SharedKafka.topics()).prepare())
                        .problems())
                .isEmpty();
        KafkaLaneLog log = new KafkaLaneLog(vertx, settings);
        write(log, segments);
        long[] nanos = new long[5];
        SeenIndex index = new SeenIndex(LocalDate.EPOCH);
        long before = heap();
        for (int round = 0; round < nanos.length; round++) {
            index = new SeenIndex(LocalDate.EPOCH);
            long began = System.nanoTime();
            LaneSession session = await(log.open(0, name -> true));
            for (Segment segment : session.restored().eager()) {
                new SegmentReader(segment).into(index.day(segment.name().day()));
            }
            nanos[round] = System.nanoTime() - began;
            await(session.close());
        }
        long heap = heap() - before;
        long entries = index.entries();
        System.out.printf(
                Locale.ROOT,
                "state: restored %,d events of %d segments in %.2f s (median of %d), %.1f MB of heap, %.1f bytes an event by its own count%n",
                entries,
                segments.size(),
                median(nanos) / 1e9,
                nanos.length,
                heap / 1e6,
                index.bytes() / (double) entries);
        lookups(index, segments);
        Reference.reachabilityFence(index);
        await(log.close());
        await(vertx.close());
        assertThat(entries).isGreaterThanOrEqualTo(size);
        assertThat(index.bytes() / entries).isLessThanOrEqualTo(64);
        assertThat(heap).isLessThanOrEqualTo(64_000_000);
        assertThat(median(nanos)).isLessThanOrEqualTo(2_000_000_000L);
    }

    @Test
    void two_months_of_closed_days_are_held_small() {
        int splits = 10_000;
        int days = 62;
        long before = heap();
        List<Object> held = new ArrayList<>();
        for (int i = 0; i < splits; i++) {
            Split split = new Split("openai", "account-" + i, "completions");
            Seals seals = new Seals(split);
            SegmentPlaces places = new SegmentPlaces(split);
            for (int day = 0; day < days; day++) {
                LocalDate of = LocalDate.of(2026, 9, 1).plusDays(day);
                TreeMap<String, BigDecimal> sums = new TreeMap<>();
                for (String name :
                        List.of("input_tokens", "output_tokens", "input_cached_tokens", "input_audio_tokens")) {
                    sums.put(name + "/tokens", BigDecimal.valueOf(1_000_000_000L + i * 31L + day));
                }
                sums.put("num_model_requests/requests", BigDecimal.valueOf(100_000 + i));
                sums.put("amount/usd", new BigDecimal("123.4567891").add(BigDecimal.valueOf(i)));
                seals.put(new Seal(split, of, 3, sums, new Digest(i, day)));
                places.put(new SegmentName(split, of, day * 20L), day * 1_000L, 2_000);
                places.put(new SegmentName(split, of, day * 20L + 1), day * 1_000L + 1, 200);
            }
            held.add(seals);
            held.add(places);
        }
        long heap = heap() - before;
        Reference.reachabilityFence(held);
        System.out.printf(
                Locale.ROOT, "state: %d closed days: %.1f KB of heap a split%n", days, heap / (double) splits / 1e3);
        assertThat(heap / splits).isLessThanOrEqualTo(12_000);
    }

    @Test
    void a_point_with_six_measures_is_held_small() {
        int size = 200_000;
        long before = heap();
        DayIndex index = new DayIndex(LocalDate.of(2026, 11, 9), new MeasureNames());
        Random random = new Random(5);
        Instant day = BEGIN;
        for (int i = 0; i < size; i++) {
            Measures.Builder values = new Measures.Builder();
            for (String name : List.of("input_tokens", "output_tokens", "input_cached_tokens", "input_audio_tokens")) {
                values.put(name, Measure.of(random.nextInt(50_000_000), "tokens"));
            }
            values.put("num_model_requests", Measure.of(random.nextInt(100_000), "requests"));
            values.put("amount", Measure.of(new BigDecimal(random.nextInt(1_000_000_000)).movePointLeft(7), "usd"));
            Instant start = day.plusSeconds(3600L * (i % 24));
            String id = "point-" + i;
            index.put(new SeenRow(Digest.of(id), Digest.of("c" + i), 1, false, start, values.build(), Utf8.of(id)));
        }
        long heap = heap() - before;
        System.out.printf(
                Locale.ROOT,
                "state: a point with six measures: %.1f bytes by its own count, %.1f of heap%n",
                index.bytes() / (double) size,
                heap / (double) size);
        assertThat(index.bytes() / size).isLessThanOrEqualTo(160);
        Reference.reachabilityFence(index);
    }

    /** What a lane keeps of a log of that length. */
    private static List<Segment> segments(int size) {
        Run run = new Run(size);
        run.steady(size);
        return List.copyOf(run.segments.values());
    }

    private static void write(KafkaLaneLog log, List<Segment> all) {
        LaneSession session = await(log.open(0, name -> false));
        for (int i = 0; i < all.size(); i += 50) {
            Batch batch = new Batch(
                    SPLIT,
                    List.of(),
                    Samples.checkpoint(SPLIT, 1),
                    all.subList(i, Math.min(all.size(), i + 50)),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of());
            await(session.commit(List.of(batch)));
        }
        await(session.close());
    }

    private static void lookups(SeenIndex index, List<Segment> segments) {
        List<Digest> keys = new ArrayList<>();
        List<LocalDate> days = new ArrayList<>();
        segments.forEach(segment -> new SegmentReader(segment)
                .forEach(
                        row -> {
                            keys.add(row.key());
                            days.add(Window.dayOf(row.time()));
                        },
                        mark -> {}));
        Random random = new Random(3);
        long page = median(index, keys, days, () -> {
            int first = random.nextInt(keys.size() - LongLog.PAGE);
            return IntStream.range(first, first + LongLog.PAGE).toArray();
        });
        long anywhere = median(
                index,
                keys,
                days,
                () -> random.ints(LongLog.PAGE, 0, keys.size()).toArray());
        System.out.printf(
                Locale.ROOT,
                "state: a lookup takes %d ns for the rows of a page, %d ns for rows from anywhere (medians)%n",
                page,
                anywhere);
        assertThat(page).isLessThanOrEqualTo(150);
    }

    private static long median(SeenIndex index, List<Digest> keys, List<LocalDate> days, Supplier<int[]> picks) {
        long[] nanos = new long[20_000];
        for (int b = 0; b < nanos.length; b++) {
            int[] picked = picks.get();
            // as the decoder leaves them: just made
            Digest[] asked = Arrays.stream(picked)
                    .mapToObj(keys::get)
                    .map(key -> new Digest(key.high(), key.low()))
                    .toArray(Digest[]::new);
            LocalDate[] on = Arrays.stream(picked).mapToObj(days::get).toArray(LocalDate[]::new);
            int found = 0;
            long began = System.nanoTime();
            for (int i = 0; i < asked.length; i++) {
                found += index.day(on[i]).contains(asked[i]) ? 1 : 0;
            }
            nanos[b] = (System.nanoTime() - began) / asked.length;
            assertThat(found).isEqualTo(asked.length);
        }
        return median(nanos);
    }

    private static long median(long[] values) {
        long[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static long heap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
