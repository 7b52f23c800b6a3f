package io.usagestream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.checkpoint.Segment;
import io.usagestream.checkpoint.SegmentName;
import io.usagestream.envelope.RecordType;
import io.usagestream.plan.Budget;
import io.usagestream.plan.Gate;
import io.usagestream.simulation.Sole;
import io.usagestream.sink.Batch;
import io.usagestream.sink.LaneImage;
import io.usagestream.sink.LaneLog;
import io.usagestream.sink.LaneSession;
import io.usagestream.source.Upstream;
import io.usagestream.stream.Bucket;
import io.usagestream.stream.ByName;
import io.usagestream.stream.Grain;
import io.usagestream.stream.Measure;
import io.usagestream.stream.Measures;
import io.usagestream.stream.Page;
import io.usagestream.stream.PageRequest;
import io.usagestream.stream.Point;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Split;
import io.usagestream.stream.Window;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A window of two hundred thousand rows on an event loop that others share. */
class LargeWindowTest {
    private static final int ROWS = 200_000;
    private static final long LONGEST = 100;
    private static final int TRIES = 3;
    private static final Instant NOW = Instant.parse("2026-11-21T12:30:00Z");
    private static final Instant DAY = Instant.parse("2026-11-21T00:00:00Z");
    private static final List<Bucket> BUCKETS = List.of(bucket());

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        vertx.close().await();
    }

    @Test
    void holds_nobody_up_while_it_is_admitted_and_committed() throws Exception {
        // one pause of the machine is not the loop's
        assertThat(shortest(plain -> plain).stall()).isLessThan(LONGEST);
    }

    @Test
    void can_be_stopped_while_it_is_admitted() throws Exception {
        assertThat(shortest(plain -> plain).stop()).isLessThan(LONGEST);
    }

    @Test
    void worked_on_by_the_loop_itself_it_is_caught() throws Exception {
        assertThat(shortest(OnTheLoop::new).stall()).isGreaterThan(LONGEST);
    }

    /**
     * What was measured, in milliseconds.
     *
     * @param stall the longest time for which nothing else was run
     * @param stop how long a second lane took to stop that had just received its window
     */
    private record Measured(long stall, long stop) {}

    private Measured shortest(UnaryOperator<Ticker> of) throws Exception {
        long stall = Long.MAX_VALUE;
        long stop = Long.MAX_VALUE;
        for (int i = 0; i < TRIES; i++) {
            stall = Math.min(stall, stall(of));
            stop = Math.min(stop, stop(of));
        }
        System.out.printf("large window: the loop stood still for %d ms at most, stopped in %d ms%n", stall, stop);
        return new Measured(stall, stop);
    }

    private long stall(UnaryOperator<Ticker> of) throws Exception {
        Context context = vertx.getOrCreateContext();
        Memory log = new Memory();
        CompletableFuture<Void> remembered = new CompletableFuture<>();
        Lane lane = lane(context, of, log, new CompletableFuture<>(), new Observer() {
            @Override
            public void split(SplitStatus status) {
                remembered.complete(null);
            }
        });
        context.runOnContext(v -> lane.start());
        long longest = 0;
        while (!remembered.isDone()) {
            long asked = System.nanoTime();
            CompletableFuture<Long> answered = new CompletableFuture<>();
            context.runOnContext(v -> answered.complete(System.nanoTime()));
            longest = Math.max(longest, answered.get(60, TimeUnit.SECONDS) - asked);
            TimeUnit.MILLISECONDS.sleep(2);
        }
        assertThat(log.committed.get()).as("rows of the first commit").isEqualTo(ROWS);
        context.runOnContext(v -> lane.stop());
        return TimeUnit.NANOSECONDS.toMillis(longest);
    }

    private long stop(UnaryOperator<Ticker> of) throws Exception {
        Context context = vertx.getOrCreateContext();
        CompletableFuture<Void> asked = new CompletableFuture<>();
        Lane lane = lane(context, of, new Memory(), asked, new Observer() {});
        context.runOnContext(v -> lane.start());
        asked.get(60, TimeUnit.SECONDS);
        TimeUnit.MILLISECONDS.sleep(5);
        long began = System.nanoTime();
        CompletableFuture<Void> stopped = new CompletableFuture<>();
        context.runOnContext(v -> lane.stop().onComplete(done -> stopped.complete(done.result())));
        stopped.get(60, TimeUnit.SECONDS);
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    }

    private Lane lane(
            Context context, UnaryOperator<Ticker> of, LaneLog log, CompletableFuture<Void> asked, Observer observer) {
        Ticker ticker = of.apply(new VertxTicker(vertx, context, InstantSource.fixed(NOW), new Random(1)));
        SourceContext source = new SourceContext(
                OneStream.source(DAY),
                new Upstream() {
                    @Override
                    public Future<Page> read(PageRequest request, Runnable arrived) {
                        asked.complete(null);
                        return Future.succeededFuture(new Page.Buckets(
                                Optional.empty(), Grain.HOUR, BUCKETS, List.of(), false, Optional.empty(), false));
                    }

                    @Override
                    public Future<Void> close() {
                        return Future.succeededFuture();
                    }
                },
                new Gate(new Budget(6_000, NOW)));
        return new Lane(0, log, new Sole(), List.of(source), ticker, observer);
    }

    private static Bucket bucket() {
        List<Point> points = IntStream.range(0, ROWS)
                .mapToObj(i -> new Point(
                        DAY,
                        Grain.HOUR,
                        ByName.of("project_id", Optional.of("project-" + i)),
                        Measures.of("input_tokens", Measure.of(BigDecimal.valueOf(i + 1L), "tokens"))))
                .toList();
        return new Bucket(DAY, DAY.plus(Duration.ofHours(1)), points, List.of());
    }

    /** The mistake: whatever it takes, the loop does it. */
    private record OnTheLoop(Ticker plain) implements Ticker {
        @Override
        public <T> Future<T> aside(int rows, Supplier<T> work) {
            return Future.succeededFuture(work.get());
        }

        @Override
        public Instant now() {
            return plain.now();
        }

        @Override
        public Timer after(Duration delay, Runnable task) {
            return plain.after(delay, task);
        }

        @Override
        public void execute(Runnable task) {
            plain.execute(task);
        }

        @Override
        public long random() {
            return plain.random();
        }
    }

    /** A log that takes everything at once and keeps nothing. */
    private static final class Memory implements LaneLog, LaneSession {
        private final CompletableFuture<Long> committed = new CompletableFuture<>();

        @Override
        public Future<LaneSession> open(int lane, Predicate<SegmentName> eager) {
            return Future.succeededFuture(this);
        }

        @Override
        public int lanes() {
            return 1;
        }

        @Override
        public LaneImage restored() {
            return new LaneImage(Map.of(), List.of(), Map.of(), Map.of(), Set.of(), 0);
        }

        @Override
        public boolean fits(Publication publication) {
            return true;
        }

        @Override
        public Future<Map<SegmentName, Long>> commit(List<Batch> batches) {
            Map<SegmentName, Long> places = new HashMap<>();
            batches.forEach(batch -> batch.segments().forEach(segment -> places.put(segment.name(), 1L)));
            committed.complete(batches.stream()
                    .flatMap(batch -> batch.publications().stream())
                    .filter(Publication.PointRevision.class::isInstance)
                    .count());
            return Future.succeededFuture(places);
        }

        @Override
        public Future<List<Segment>> load(Map<SegmentName, Long> places) {
            return Future.succeededFuture(List.of());
        }

        @Override
        public Future<List<Publication>> published(Split split, RecordType type, Window window) {
            return Future.succeededFuture(List.of());
        }

        @Override
        public Future<Void> close() {
            return Future.succeededFuture();
        }
    }
}
