package io.usagestream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.checkpoint.Segment;
import io.usagestream.checkpoint.SegmentName;
import io.usagestream.checkpoint.SplitCheckpoint;
import io.usagestream.envelope.RecordType;
import io.usagestream.simulation.Sole;
import io.usagestream.sink.Batch;
import io.usagestream.sink.LaneImage;
import io.usagestream.sink.LaneLog;
import io.usagestream.sink.LaneSession;
import io.usagestream.sink.SinkException;
import io.usagestream.sink.SinkFailure;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Split;
import io.usagestream.stream.Window;
import io.usagestream.stream.Work;
import io.usagestream.stream.WorkStatus;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What work that somebody asked for may not do to the lane that does it. */
class LaneWorkTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:30:00Z");
    private static final Instant START = Instant.parse("2026-11-20T00:00:00Z");
    private static final Window OLD =
            new Window(Instant.parse("2026-10-01T00:00:00Z"), Instant.parse("2026-10-05T00:00:00Z"));

    private final ToldTime time = new ToldTime(NOW);
    private final Kept log = new Kept();
    private final List<Window> asked = new ArrayList<>();
    private final Lane lane = new Lane(
            0,
            log,
            new Sole(),
            List.of(OneStream.answering(START, NOW, window -> {
                asked.add(window);
                return Future.succeededFuture(OneStream.empty(window));
            })),
            time,
            new Observer() {});

    @BeforeEach
    void catchUp() {
        lane.start();
        time.pass(Duration.ofMinutes(5));
        asked.clear();
    }

    @Test
    void a_data_topic_that_cannot_be_read_for_a_while_holds_up_the_work_and_not_the_lane() {
        log.reading = Optional.of(new SinkFailure.Aborted("reading to the end took too long"));
        lane.work(work(Set.of()));
        time.pass(Duration.ofMinutes(10));
        assertThat(log.opened).isEqualTo(1);
        assertThat(asked).filteredOn(window -> window.to().isAfter(NOW)).hasSizeGreaterThan(8);
        assertThat(log.statuses).isEmpty();

        log.reading = Optional.empty();
        time.pass(Duration.ofMinutes(10));
        assertThat(log.statuses).last().satisfies(status -> {
            assertThat(status.finished()).isTrue();
            assertThat(status.reason()).isEmpty();
        });
    }

    @Test
    void whoever_asked_is_told_when_a_data_topic_may_not_be_read() {
        log.reading = Optional.of(new SinkFailure.Refused(Reason.FORBIDDEN, "Read on topic usage.points is missing"));
        lane.work(work(Set.of()));
        time.pass(Duration.ofMinutes(10));
        assertThat(log.opened).isEqualTo(1);
        assertThat(log.statuses).singleElement().satisfies(status -> {
            assertThat(status.finished()).isTrue();
            assertThat(status.reason()).contains(Reason.FORBIDDEN);
        });
    }

    @Test
    void work_that_was_finished_before_the_lane_opened_again_ends_when_the_news_of_it_comes() {
        log.reading = Optional.of(new SinkFailure.Aborted("so that it does not get on"));
        lane.work(work(Set.of()));
        time.pass(Duration.ofMinutes(1));
        lane.work(work(Set.of(OneStream.SPLIT.name())));
        log.reading = Optional.empty();
        time.pass(Duration.ofMinutes(10));
        assertThat(asked).allSatisfy(window -> assertThat(window.from()).isAfterOrEqualTo(START));
        assertThat(log.statuses).isEmpty();
    }

    @Test
    void work_that_was_forgotten_is_done_when_it_is_asked_for_again_under_its_id() {
        lane.work(work(Set.of()));
        time.pass(Duration.ofMinutes(10));
        lane.work(work(Set.of(OneStream.SPLIT.name())));
        asked.clear();
        lane.work(work(Set.of()));
        time.pass(Duration.ofMinutes(10));
        assertThat(old()).as("once, however often it is told").isEmpty();

        lane.forget("old");
        time.pass(Duration.ofMinutes(10));
        assertThat(old()).isEmpty();
        lane.work(work(Set.of()));
        time.pass(Duration.ofMinutes(10));
        assertThat(old()).isNotEmpty();
        assertThat(log.statuses)
                .last()
                .satisfies(status -> assertThat(status.finished()).isTrue());
    }

    @Test
    void work_that_is_withdrawn_goes_no_further() {
        log.reading = Optional.of(new SinkFailure.Aborted("so that it does not get on"));
        lane.work(work(Set.of()));
        time.pass(Duration.ofMinutes(1));
        lane.forget("old");
        log.reading = Optional.empty();
        time.pass(Duration.ofMinutes(10));
        assertThat(old()).isEmpty();
        assertThat(log.statuses).isEmpty();
    }

    private List<Window> old() {
        return asked.stream().filter(window -> window.from().isBefore(START)).toList();
    }

    private static Work work(Set<String> finished) {
        return new Work("old", Work.Kind.BACKFILL, OneStream.SPLIT.source(), Optional.empty(), OLD, finished);
    }

    /** A log of one lane that keeps the last checkpoint. */
    private static final class Kept implements LaneLog {
        private final Map<String, SplitCheckpoint> checkpoints = new HashMap<>();
        private final List<WorkStatus> statuses = new ArrayList<>();
        private Optional<SinkFailure> reading = Optional.empty();
        private int opened;

        @Override
        public Future<LaneSession> open(int lane, Predicate<SegmentName> eager) {
            opened++;
            return Future.succeededFuture(new Session());
        }

        @Override
        public int lanes() {
            return 1;
        }

        private final class Session implements LaneSession {
            @Override
            public LaneImage restored() {
                return new LaneImage(Map.copyOf(checkpoints), List.of(), Map.of(), Map.of(), Set.of(), 1);
            }

            @Override
            public boolean fits(Publication publication) {
                return true;
            }

            @Override
            public Future<Map<SegmentName, Long>> commit(List<Batch> batches) {
                batches.forEach(batch -> {
                    checkpoints.put(batch.split().name(), batch.checkpoint());
                    statuses.addAll(batch.statuses());
                });
                return Future.succeededFuture(Map.of());
            }

            @Override
            public Future<List<Segment>> load(Map<SegmentName, Long> places) {
                return Future.succeededFuture(List.of());
            }

            @Override
            public Future<List<Publication>> published(Split split, RecordType type, Window window) {
                return reading.<Future<List<Publication>>>map(
                                failure -> Future.failedFuture(new SinkException(failure)))
                        .orElseGet(() -> Future.succeededFuture(List.of()));
            }

            @Override
            public Future<Void> close() {
                return Future.succeededFuture();
            }
        }
    }
}
