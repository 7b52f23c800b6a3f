package io.usagestream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.checkpoint.Segment;
import io.usagestream.checkpoint.SegmentName;
import io.usagestream.dedup.Admitted;
import io.usagestream.plan.Budget;
import io.usagestream.plan.Gate;
import io.usagestream.sink.Batch;
import io.usagestream.sink.SinkException;
import io.usagestream.sink.SinkFailure;
import io.usagestream.source.SourceSettings;
import io.usagestream.source.Upstream;
import io.usagestream.stream.Bucket;
import io.usagestream.stream.ByName;
import io.usagestream.stream.Grain;
import io.usagestream.stream.Measure;
import io.usagestream.stream.Measures;
import io.usagestream.stream.Page;
import io.usagestream.stream.PageRequest;
import io.usagestream.stream.Point;
import io.usagestream.stream.Publication.Progress;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Split;
import io.usagestream.stream.SplitState;
import io.usagestream.stream.Window;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The loop of one split with history of many windows, over a log that answers when it is told to. */
class SplitLoopTest {
    private static final int SLOTS = 4;
    private static final Instant NOW = Instant.parse("2026-11-21T12:30:00Z");
    private static final Instant START = Instant.parse("2026-06-01T00:00:00Z");
    private static final Duration MOMENT = Duration.ofMillis(10);

    private final ToldTime time = new ToldTime(NOW);
    private final List<Window> asked = new ArrayList<>();
    private final Set<Window> ahead = new HashSet<>();
    private final List<Split> admitted = new ArrayList<>();
    private final Deque<Promise<Void>> commits = new ArrayDeque<>();
    private final WindowSlots slots = new WindowSlots(SLOTS);
    private final SplitLoop loop = loop(START);
    private final Deque<Runnable> undecoded = new ArrayDeque<>();
    private final List<Progress> progress = new ArrayList<>();
    private boolean large;
    private boolean ignored;
    private boolean quiet;
    private int reads;

    @Test
    void asks_for_the_next_window_of_history_while_a_commit_is_in_flight_and_for_no_more() {
        beginHistory();
        assertThat(commits).hasSize(1);
        assertThat(asked).hasSize(3);
        time.pass(Duration.ofSeconds(30));
        assertThat(asked).hasSize(3);
        assertThat(admitted).hasSize(2);
    }

    @Test
    void admits_what_was_read_ahead_once_the_commit_has_succeeded() {
        beginHistory();
        commits.remove().complete();
        time.pass(MOMENT);
        assertThat(admitted).hasSize(3);
        assertThat(asked).hasSize(4).doesNotHaveDuplicates();
    }

    @Test
    void asks_for_the_next_window_when_the_last_large_answer_of_this_one_is_there_but_not_decoded() {
        begin();
        large = true;
        commits.remove().complete();
        time.pass(MOMENT);
        for (int parts = 0; asked.size() == 2 && parts < 10; parts++) {
            undecoded.remove().run();
            time.pass(MOMENT);
        }
        assertThat(asked).hasSize(3).doesNotHaveDuplicates();
        assertThat(admitted).hasSize(1);
        while (!undecoded.isEmpty()) {
            undecoded.remove().run();
            time.pass(MOMENT);
        }
        assertThat(admitted).hasSize(2);
        assertThat(asked).hasSize(3);
    }

    @Test
    void throws_away_what_was_read_ahead_of_a_commit_that_failed() {
        beginHistory();
        commits.remove().fail(new SinkException(new SinkFailure.Unknown("no answer")));
        loop.stop();
        time.pass(Duration.ofMinutes(5));
        assertThat(admitted).hasSize(2);
        assertThat(asked).hasSize(3);
    }

    @Test
    void does_not_read_ahead_into_room_that_is_taken() {
        take(SLOTS - 1);
        begin();
        assertThat(commits).hasSize(1);
        assertThat(asked).hasSize(1);
    }

    @Test
    void polls_its_hot_end_while_it_waits_for_room() {
        List<WindowSlots.Slot> others = take(SLOTS);
        begin();
        for (int i = 0; i < 200; i++) {
            commitAll();
            time.pass(Duration.ofSeconds(3));
        }
        assertThat(asked)
                .hasSizeBetween(8, 12)
                .allSatisfy(window -> assertThat(window.to()).isAfter(NOW));
        others.forEach(WindowSlots.Slot::leave);
        time.pass(MOMENT);
        assertThat(asked).extracting(Window::from).contains(START);
    }

    @Test
    void a_poll_that_brings_missed_hours_along_waits_for_room_like_history() {
        SplitLoop missed = loop(NOW.minus(Duration.ofDays(3)));
        List<WindowSlots.Slot> others = take(SLOTS);
        missed.start(Duration.ZERO);
        time.pass(Duration.ofMinutes(10));
        assertThat(asked).isEmpty();
        others.get(0).leave();
        time.pass(MOMENT);
        assertThat(asked).hasSize(1);
        commitAll();
        others.get(1).leave();
        time.pass(Duration.ofMinutes(3));
        commitAll();
        assertThat(asked).hasSizeGreaterThan(3);
    }

    @Test
    void says_in_progress_that_upstream_ignores_the_grouping_and_that_it_does_so_no_more() {
        ignored = true;
        begin();
        time.pass(Duration.ofMinutes(3));
        commitAll();
        assertThat(progress).isNotEmpty().allSatisfy(said -> {
            assertThat(said.state()).isEqualTo(SplitState.DEGRADED);
            assertThat(said.reason()).contains(Reason.GROUPING_IGNORED);
        });
        quiet = true;
        progress.clear();
        time.pass(Duration.ofMinutes(3));
        commitAll();
        assertThat(progress).allSatisfy(said -> assertThat(said.state()).isEqualTo(SplitState.DEGRADED));
        quiet = false;
        ignored = false;
        for (int i = 0; i < 5; i++) {
            time.pass(Duration.ofMinutes(3));
            commitAll();
        }
        Progress last = progress.get(progress.size() - 1);
        assertThat(last.state()).isNotEqualTo(SplitState.DEGRADED);
        assertThat(last.reason()).isEmpty();
    }

    private void begin() {
        loop.start(Duration.ZERO);
        time.pass(MOMENT);
    }

    /** The hot end comes first, and nothing is read ahead of its commit. */
    private void beginHistory() {
        begin();
        assertThat(asked).hasSize(1);
        commits.remove().complete();
        time.pass(MOMENT);
    }

    private void commitAll() {
        while (!commits.isEmpty()) {
            commits.remove().complete();
            time.pass(MOMENT);
        }
    }

    private List<WindowSlots.Slot> take(int many) {
        List<WindowSlots.Slot> taken = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            slots.enter(time, taken::add);
        }
        return taken;
    }

    private SplitLoop loop(Instant start) {
        SourceSettings settings = OneStream.source(start);
        SourceContext source = new SourceContext(
                settings,
                new Upstream() {
                    @Override
                    public Future<Page> read(PageRequest request, Runnable arrived) {
                        Window window = ((PageRequest.Buckets) request).window();
                        if (!large) {
                            return Future.succeededFuture(page(window));
                        }
                        Promise<Page> page = Promise.promise();
                        undecoded.add(() -> page.complete(page(window)));
                        arrived.run();
                        return page.future();
                    }

                    @Override
                    public Future<Void> close() {
                        return Future.succeededFuture();
                    }
                },
                new Gate(new Budget(6_000, NOW)));
        SplitMemory memory = SplitMemory.fresh(settings.streams().get(0), NOW);
        return new SplitLoop(memory, source, new Told(), time, new Observer() {
            @Override
            public void turn(Split split, Window window) {
                if (!ahead.remove(window)) {
                    asked.add(window);
                }
            }

            @Override
            public void ahead(Split split, Window window) {
                asked.add(window);
                ahead.add(window);
            }

            @Override
            public void admitted(Split split, Admitted what) {
                admitted.add(split);
            }
        });
    }

    /** A row in the window's first hour, another one at every read. */
    private Page page(Window window) {
        if (quiet) {
            return new Page.Buckets(Optional.empty(), Grain.HOUR, List.of(), List.of(), false, Optional.empty(), false);
        }
        Instant start = window.from();
        Point point = new Point(
                start,
                Grain.HOUR,
                ByName.of("project_id", Optional.of("one")),
                Measures.of("input_tokens", Measure.of(BigDecimal.valueOf(++reads), "tokens")));
        Bucket bucket = new Bucket(start, start.plus(Duration.ofHours(1)), List.of(point), List.of());
        return new Page.Buckets(
                Optional.empty(), Grain.HOUR, List.of(bucket), List.of(), false, Optional.empty(), ignored);
    }

    /** A lane whose commits end when the test says so. */
    private final class Told extends NoLane {
        Told() {
            super(slots);
        }

        @Override
        public Future<Map<SegmentName, Long>> commit(Batch batch) {
            Promise<Void> told = Promise.promise();
            commits.add(told);
            batch.publications().stream()
                    .filter(Progress.class::isInstance)
                    .map(Progress.class::cast)
                    .forEach(progress::add);
            Map<SegmentName, Long> places = new HashMap<>();
            batch.segments().forEach(segment -> places.put(segment.name(), 1L));
            return told.future().map(v -> places);
        }

        @Override
        public Future<List<Segment>> load(Map<SegmentName, Long> places) {
            return Future.succeededFuture(List.of());
        }
    }
}
