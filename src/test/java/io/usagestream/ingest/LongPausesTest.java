package io.usagestream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.ops.Instance;
import io.usagestream.ops.Instance.ConfiguredSource;
import io.usagestream.ops.health.Liveness;
import io.usagestream.source.Failure;
import io.usagestream.source.UpstreamException;
import io.usagestream.stream.Reason;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Upstream's refusals make a split wait for long, alone in its lane: that is neither a process to be killed nor a day without a look. */
class LongPausesTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:30:00Z");
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final ToldTime time = new ToldTime(NOW);
    private final List<Instant> asked = new ArrayList<>();
    private final Liveness liveness = new Liveness(
            new Instance(
                    "one",
                    "1",
                    NOW,
                    "usage",
                    1,
                    List.of(new ConfiguredSource(OneStream.SPLIT.source(), "openai", List.of("completions")))),
            MINUTE.plusMinutes(10),
            time::now);

    @Test
    void a_stream_that_the_account_does_not_have_keeps_the_process_alive() {
        refusedForADay(new Failure.Rejected(Reason.NOT_FOUND, "404", Optional.empty()));
    }

    @Test
    void a_refused_request_keeps_the_process_alive() {
        refusedForADay(new Failure.Rejected(Reason.BAD_REQUEST, "400", Optional.empty()));
    }

    @Test
    void a_day_that_an_unavailable_upstream_asks_for_is_cut_to_an_hour() {
        refusedForADay(new Failure.Unavailable(Reason.SERVER_ERROR, "503", true, Optional.of(Duration.ofDays(1))));
        assertThat(asked).hasSizeBetween(24, 100);
    }

    /** A lane that opens again and again meanwhile would have its splits in memory once for every time. */
    @Test
    void nothing_waits_for_an_hour_that_belongs_to_a_loop_which_is_over() {
        Optional<Duration> anHour = Optional.of(Duration.ofHours(1));
        for (Failure failure : List.of(
                new Failure.Throttled(Reason.RATE_LIMITED, "429", anHour),
                new Failure.Unavailable(Reason.SERVER_ERROR, "503", true, anHour))) {
            SplitLoop loop = loop(failure);
            loop.start(Duration.ZERO);
            time.pass(MINUTE);
            loop.stop();
            assertThat(time.timers()).as(failure.message()).isZero();
        }
    }

    private void refusedForADay(Failure failure) {
        liveness.lane(new LaneStatus(0, LaneStatus.Phase.RUNNING, 1, NOW, Optional.empty(), 0, ""));
        loop(failure).start(Duration.ZERO);
        for (int minute = 0; minute < Duration.ofDays(1).toMinutes(); minute++) {
            time.pass(MINUTE);
            assertThat(liveness.answer().because()).as("after %d min", minute).isEmpty();
        }
    }

    private SplitLoop loop(Failure failure) {
        SourceContext source = OneStream.answering(NOW.minus(Duration.ofDays(3)), NOW, window -> {
            asked.add(time.now());
            return Future.failedFuture(new UpstreamException(failure));
        });
        SplitMemory memory = SplitMemory.fresh(source.settings().streams().get(0), NOW);
        return new SplitLoop(memory, source, new KeepingLane(), time, liveness);
    }
}
