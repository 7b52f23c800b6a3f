package io.usagestream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.source.Failure;
import io.usagestream.source.UpstreamException;
import io.usagestream.stream.Publication.Progress;
import io.usagestream.stream.Reason;
import io.usagestream.stream.SplitState;
import io.usagestream.stream.Window;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Work that upstream refuses, because it does not go back so far: whoever asked is told, and nothing else is held up. */
class RefusedWorkTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:30:00Z");
    private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");
    private static final Instant KEPT_FROM = Instant.parse("2025-11-21T00:00:00Z");
    private static final Window TOO_OLD = days("2024-11-01", "2024-11-10");
    private static final Window KEPT = days("2026-10-01", "2026-10-05");

    private final ToldTime time = new ToldTime(NOW);
    private final KeepingLane lane = new KeepingLane();
    private Instant keptFrom = KEPT_FROM;
    private Instant earliest = KEPT_FROM;
    private final SplitMemory memory =
            SplitMemory.fresh(OneStream.source(START).streams().get(0), NOW);
    private final SplitLoop loop = loop();

    @BeforeEach
    void catchUp() {
        loop.start(Duration.ZERO);
        time.pass(Duration.ofMinutes(5));
    }

    @Test
    void whoever_asked_for_what_upstream_does_not_keep_is_told_why_it_is_not_done() {
        loop.request("old", TOO_OLD);
        time.pass(Duration.ofMinutes(1));
        assertThat(lane.statuses()).singleElement().satisfies(status -> {
            assertThat(status.id()).isEqualTo("old");
            assertThat(status.finished()).isTrue();
            assertThat(status.reason()).contains(Reason.BAD_REQUEST);
            assertThat(status.doneUntil()).isEqualTo(TOO_OLD.from());
        });
        time.pass(Duration.ofHours(1));
        assertThat(lane.statuses()).as("and not asked again").hasSize(1);
    }

    @Test
    void the_newest_goes_on_and_so_does_work_that_was_asked_for_later() {
        loop.request("old", TOO_OLD);
        loop.request("kept", KEPT);
        time.pass(Duration.ofMinutes(1));
        assertThat(lane.statuses())
                .filteredOn(status -> status.id().equals("kept"))
                .last()
                .satisfies(status -> {
                    assertThat(status.finished()).isTrue();
                    assertThat(status.reason()).isEmpty();
                });
        assertThat(lane.published(Progress.class)).extracting(Progress::state).doesNotContain(SplitState.HALTED);
    }

    @Test
    void history_begins_where_upstreams_does_and_work_that_was_asked_for_is_still_done() {
        keptFrom = Instant.parse("2026-11-21T06:00:00Z");
        earliest = keptFrom;
        loop.request("kept", new Window(NOW.minus(Duration.ofHours(4)), NOW));
        time.pass(Duration.ofHours(3));
        assertThat(memory.start()).isEqualTo(earliest);
        assertThat(lane.statuses())
                .last()
                .satisfies(status -> assertThat(status.finished()).isTrue());
    }

    @Test
    void a_start_that_is_still_to_come_is_not_believed() {
        keptFrom = Instant.MAX;
        earliest = NOW.plus(Duration.ofDays(30));
        time.pass(Duration.ofHours(3));
        assertThat(memory.start()).isEqualTo(START);
        assertThat(memory.horizon().watermark()).isBefore(NOW);
    }

    private static Window days(String from, String to) {
        return new Window(Instant.parse(from + "T00:00:00Z"), Instant.parse(to + "T00:00:00Z"));
    }

    private SplitLoop loop() {
        SourceContext source = OneStream.answering(
                START,
                NOW,
                window -> window.from().isBefore(keptFrom)
                        ? Future.failedFuture(new UpstreamException(new Failure.Rejected(
                                Reason.BAD_REQUEST, "available for the past year", Optional.of(earliest))))
                        : Future.succeededFuture(OneStream.empty(window)));
        return new SplitLoop(memory, source, lane, time, new Observer() {});
    }
}
