package io.usagestream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.source.StreamSettings;
import io.usagestream.stream.Page;
import io.usagestream.stream.Window;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where history begins that nobody configured, when our clock and upstream's are apart. */
class FirstStartTest {
    private static final Instant TRUE_NOW = Instant.parse("2026-11-21T12:30:00Z");
    private static final Instant BEGIN = Instant.parse("2026-10-21T00:00:00Z");

    private final KeepingLane lane = new KeepingLane();

    @ParameterizedTest
    @ValueSource(ints = {1, 20, 40, 400})
    void a_clock_that_is_ahead_by_days_begins_where_upstream_says_it_is_now(int days) {
        run(Duration.ofDays(days), Optional.empty());
        assertThat(lane.checkpoints()).allSatisfy(checkpoint -> {
            assertThat(checkpoint.start()).isEqualTo(BEGIN);
            assertThat(checkpoint.floor()).isEqualTo(BEGIN);
        });
        assertThat(lane.checkpoints()).last().satisfies(last -> {
            assertThat(last.frontier()).isEqualTo(TRUE_NOW.plus(Duration.ofMinutes(30)));
            assertThat(last.watermark()).isEqualTo(Instant.parse("2026-11-19T12:00:00Z"));
        });
    }

    @Test
    void a_clock_that_is_behind_begins_earlier() {
        run(Duration.ofDays(-10), Optional.empty());
        assertThat(lane.checkpoints())
                .allSatisfy(checkpoint -> assertThat(checkpoint.start()).isEqualTo(BEGIN.minus(Duration.ofDays(10))));
    }

    @Test
    void a_start_that_is_configured_holds() {
        run(Duration.ofDays(20), Optional.of(Instant.parse("2026-11-20T00:00:00Z")));
        assertThat(lane.checkpoints())
                .allSatisfy(checkpoint -> assertThat(checkpoint.start()).isEqualTo("2026-11-20T00:00:00Z"));
    }

    private void run(Duration ahead, Optional<Instant> start) {
        ToldTime time = new ToldTime(TRUE_NOW.plus(ahead));
        StreamSettings settings = startingAt(start);
        SourceContext source = OneStream.answering(
                BEGIN,
                time.now(),
                window -> Future.succeededFuture(page(window, time.now().minus(ahead))));
        new SplitLoop(SplitMemory.fresh(settings, time.now()), source, lane, time, new Observer() {})
                .start(Duration.ZERO);
        time.pass(Duration.ofMinutes(50));
        assertThat(lane.checkpoints()).isNotEmpty();
    }

    private static Page page(Window window, Instant upstreamNow) {
        Page.Buckets empty = (Page.Buckets) OneStream.empty(window);
        return new Page.Buckets(
                Optional.of(upstreamNow),
                empty.grain(),
                empty.buckets(),
                empty.quarantined(),
                empty.more(),
                empty.cursor(),
                empty.ignoredGrouping());
    }

    private static StreamSettings startingAt(Optional<Instant> start) {
        StreamSettings s = OneStream.source(BEGIN).streams().get(0);
        return new StreamSettings(
                s.split(),
                s.type(),
                s.width(),
                s.window(),
                s.groupBy(),
                s.fields(),
                start,
                s.pollInterval(),
                s.hot(),
                s.sweepInterval(),
                s.lookback(),
                s.safetyLag(),
                s.publishZeroPoints(),
                s.rescanDaily(),
                s.rescanWeekly(),
                s.horizon(),
                s.fingerprint());
    }
}
