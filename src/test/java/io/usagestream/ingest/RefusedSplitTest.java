package io.usagestream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.checkpoint.Segment;
import io.usagestream.checkpoint.SegmentName;
import io.usagestream.checkpoint.SplitCheckpoint;
import io.usagestream.envelope.RecordType;
import io.usagestream.ops.Instance;
import io.usagestream.ops.Operations;
import io.usagestream.ops.board.StatusPage;
import io.usagestream.plan.Budget;
import io.usagestream.plan.Gate;
import io.usagestream.simulation.Sole;
import io.usagestream.sink.Batch;
import io.usagestream.sink.LaneImage;
import io.usagestream.sink.LaneLog;
import io.usagestream.sink.LaneSession;
import io.usagestream.source.SourceSettings;
import io.usagestream.source.Upstream;
import io.usagestream.stream.Page;
import io.usagestream.stream.PageRequest;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Split;
import io.usagestream.stream.Window;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What those who operate the service see of a split whose committed state must not be used. */
class RefusedSplitTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:30:00Z");
    private static final Instant READ = Instant.parse("2026-11-20T00:00:00Z");
    private static final Split SPLIT = OneStream.SPLIT;

    private final ToldTime time = new ToldTime(NOW);
    private final Operations operations = new Operations(
            new Instance(
                    "one",
                    "1",
                    NOW.minusSeconds(900),
                    "usage",
                    1,
                    List.of(new Instance.ConfiguredSource(SPLIT.source(), SPLIT.provider(), List.of(SPLIT.stream())))),
            Duration.ofMinutes(5),
            time::now);

    @Test
    void other_settings_show_as_halted_with_how_far_it_was_read() {
        Lane lane = lane(new LaneImage(
                Map.of(SPLIT.name(), checkpoint()), List.of(), Map.of(), Map.of(), Set.of(SPLIT.name()), 1));
        assertHalted(Reason.SETTINGS_CHANGED);
        assertThat(scrape()).contains("usagestream_frontier_timestamp_seconds{source=\"acme\"");
        assertThat(status())
                .contains("\"frontier\":\"" + READ + "\"")
                .contains("'group-by' of acme/completions was 'model' and is ''");
        lane.stop();
        assertThat(scrape()).doesNotContain("usagestream_source_state{");
    }

    @Test
    void a_lost_checkpoint_shows_as_halted_and_claims_nothing_about_how_far_it_was_read() {
        lane(new LaneImage(Map.of(), List.of(), Map.of(), Map.of(), Set.of(SPLIT.name()), 0));
        assertHalted(Reason.STATE_LOST);
        assertThat(scrape()).doesNotContain("usagestream_frontier_timestamp_seconds{");
        assertThat(status()).contains("run 'recover'").doesNotContain("\"frontier\"");
    }

    private void assertHalted(Reason reason) {
        assertThat(scrape())
                .contains("usagestream_source_state{source=\"acme\",state=\"halted\"} 1")
                .contains("usagestream_lag_seconds{source=\"acme\",stream=\"completions\"} 90");
        assertThat(status())
                .contains("\"state\":\"halted\"")
                .contains("\"reason\":\"" + reason.word() + "\"")
                .doesNotContain("\"elsewhere\"");
    }

    private String scrape() {
        return operations.metrics().scrape();
    }

    private String status() {
        return new StatusPage(operations.board()).json(operations.readiness().answer());
    }

    private Lane lane(LaneImage image) {
        SourceSettings settings = OneStream.source(READ);
        SourceContext source = new SourceContext(settings, new Unasked(), new Gate(new Budget(6_000, NOW)));
        Lane lane = new Lane(0, new Restored(image), new Sole(), List.of(source), time, operations.observer());
        lane.start();
        time.pass(Duration.ofSeconds(90)); // it lags since the lane is ours
        return lane;
    }

    private static SplitCheckpoint checkpoint() {
        return new SplitCheckpoint(
                SPLIT,
                new TreeMap<>(Map.of("group-by", "model")),
                READ,
                READ,
                READ,
                READ,
                Window.dayOf(READ),
                Optional.empty(),
                Optional.empty(),
                0,
                List.of(),
                Optional.empty(),
                new TreeMap<>());
    }

    /** A log whose one lane holds this and takes nothing. */
    private record Restored(LaneImage restored) implements LaneLog, LaneSession {
        @Override
        public Future<LaneSession> open(int lane, Predicate<SegmentName> eager) {
            return Future.succeededFuture(this);
        }

        @Override
        public int lanes() {
            return 1;
        }

        @Override
        public boolean fits(Publication publication) {
            return true;
        }

        @Override
        public Future<Map<SegmentName, Long>> commit(List<Batch> batches) {
            throw new AssertionError("a refused split commits nothing");
        }

        @Override
        public Future<List<Segment>> load(Map<SegmentName, Long> places) {
            throw new AssertionError("a refused split reads nothing");
        }

        @Override
        public Future<List<Publication>> published(Split split, RecordType type, Window window) {
            throw new AssertionError("a refused split reads nothing");
        }

        @Override
        public Future<Void> close() {
            return Future.succeededFuture();
        }
    }

    private static final class Unasked implements Upstream {
        @Override
        public Future<Page> read(PageRequest request, Runnable arrived) {
            throw new AssertionError("a refused split asks for nothing");
        }

        @Override
        public Future<Void> close() {
            return Future.succeededFuture();
        }
    }
}
