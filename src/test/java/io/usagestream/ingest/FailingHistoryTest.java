package io.usagestream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.source.Failure;
import io.usagestream.source.UpstreamException;
import io.usagestream.stream.Page;
import io.usagestream.stream.Reason;
import io.usagestream.stream.SplitState;
import io.usagestream.stream.Window;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** One window of history fails for good, while every poll of the newest succeeds. */
class FailingHistoryTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:30:00Z");
    private static final Instant START = NOW.minus(Duration.ofDays(20)).truncatedTo(ChronoUnit.DAYS);

    private final ToldTime time = new ToldTime(NOW);
    private final List<SplitStatus> said = new ArrayList<>();
    private Optional<Failure> failure = Optional.empty();
    private int failed;
    private int polled;

    private final SplitLoop loop = new SplitLoop(
            SplitMemory.fresh(OneStream.source(START).streams().get(0), NOW),
            OneStream.answering(START, NOW, this::answer),
            new KeepingLane(),
            time,
            new Observer() {
                @Override
                public void split(SplitStatus status) {
                    said.add(status);
                }
            });

    @Test
    void the_stream_is_degraded_until_that_window_is_read_and_it_is_tried_slowly() {
        failForAnHour(new Failure.Malformed(Reason.MALFORMED_JSON, "not JSON"));
        assertThat(said).isNotEmpty().allSatisfy(status -> {
            assertThat(status.state()).isEqualTo(SplitState.DEGRADED);
            assertThat(status.reason()).contains(Reason.MALFORMED_JSON);
            assertThat(status.message()).isEqualTo("not JSON");
        });
        assertThat(failed).as("requests for it in an hour, four a try").isBetween(20, 400);

        failure = Optional.empty();
        time.pass(Duration.ofMinutes(10));
        assertThat(said.get(said.size() - 1).state()).isEqualTo(SplitState.RUNNING);
    }

    @Test
    void the_stream_is_halted_while_upstream_refuses_its_history() {
        failForAnHour(new Failure.Rejected(Reason.BAD_REQUEST, "too long ago", Optional.empty()));
        assertThat(said).isNotEmpty().allSatisfy(status -> {
            assertThat(status.state()).isEqualTo(SplitState.HALTED);
            assertThat(status.reason()).contains(Reason.BAD_REQUEST);
        });
    }

    @Test
    void a_stream_whose_key_was_refused_is_well_with_the_first_poll_that_succeeds() {
        failure = Optional.of(new Failure.Rejected(Reason.AUTH_REJECTED, "no such key", Optional.empty()));
        loop.start(Duration.ZERO);
        time.pass(Duration.ofMinutes(3));
        assertThat(said.get(said.size() - 1).state()).isEqualTo(SplitState.HALTED);
        failure = Optional.empty();
        time.pass(Duration.ofMinutes(20));
        assertThat(said.get(said.size() - 1).state()).isEqualTo(SplitState.RUNNING);
    }

    /** So that only what is said once it has failed for long is looked at. */
    private void failForAnHour(Failure cause) {
        failure = Optional.of(cause);
        loop.start(Duration.ZERO);
        time.pass(Duration.ofMinutes(10));
        said.clear();
        failed = 0;
        polled = 0;
        time.pass(Duration.ofHours(1));
        assertThat(polled).isGreaterThan(50);
    }

    private Future<Page> answer(Window window) {
        if (failure.isPresent() && window.from().isBefore(START.plus(Duration.ofDays(1)))) {
            failed++;
            return Future.failedFuture(new UpstreamException(failure.get()));
        }
        polled++;
        return Future.succeededFuture(OneStream.empty(window));
    }
}
