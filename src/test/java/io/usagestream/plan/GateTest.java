package io.usagestream.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.stream.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GateTest {
    private static final Instant NOW = Instant.parse("2026-11-19T00:00:00Z");

    private final Gate gate = new Gate(new Budget(600, NOW));

    @Test
    void a_hint_is_heeded_up_to_an_hour() {
        gate.throttled(Reason.RATE_LIMITED, Optional.of(Duration.ofMinutes(2)), NOW, 7);
        assertThat(gate.permit(true, NOW))
                .isBetween(Duration.ofMinutes(2), Duration.ofMinutes(2).plusSeconds(1));
        gate.throttled(Reason.RATE_LIMITED, Optional.of(Duration.ofDays(2)), NOW, 7);
        assertThat(gate.permit(true, NOW))
                .isBetween(Duration.ofHours(1), Duration.ofHours(1).plusSeconds(1));
        assertThat(gate.waiting(NOW).orElseThrow().reason()).isEqualTo(Reason.RATE_LIMITED);
    }

    @Test
    void after_many_failures_in_a_row_one_probe_at_a_time_goes_through() {
        for (int n = 1; n < Gate.TRIP_AFTER; n++) {
            gate.failed(Reason.SERVER_ERROR, NOW, n);
            assertThat(gate.permit(true, NOW)).isZero();
        }
        gate.failed(Reason.SERVER_ERROR, NOW, 3);
        assertThat(gate.permit(true, NOW)).isPositive();
        Instant later = NOW.plus(Duration.ofMinutes(6));
        assertThat(gate.permit(true, later)).isZero();
        assertThat(gate.permit(true, later)).as("one probe").isPositive();
        gate.succeeded(later);
        assertThat(gate.permit(true, later)).isZero();
    }

    @Test
    void a_halted_source_is_probed_rarely_and_an_answer_from_before_does_not_open_it() {
        gate.halt(Reason.AUTH_REJECTED, NOW, 1);
        gate.succeeded(NOW.minusSeconds(1));
        assertThat(gate.halted()).isTrue();
        assertThat(gate.permit(true, NOW)).isBetween(Duration.ofMinutes(5), Duration.ofMinutes(15));
        gate.reopen();
        assertThat(gate.permit(true, NOW)).isZero();
        gate.succeeded(NOW.plusSeconds(1));
        assertThat(gate.halted()).isFalse();
    }

    @Test
    void a_clock_that_goes_back_does_not_keep_it_shut() {
        Instant ahead = NOW.plus(Duration.ofHours(10));
        gate.throttled(Reason.RATE_LIMITED, Optional.of(Duration.ofSeconds(30)), ahead, 1);
        gate.permit(true, ahead);
        assertThat(gate.permit(true, NOW)).isLessThan(Duration.ofMinutes(1));
    }

    @Test
    void an_answer_after_the_clock_went_back_opens_it() {
        Instant ahead = NOW.plus(Duration.ofHours(10));
        gate.permit(true, ahead);
        gate.halt(Reason.AUTH_REJECTED, ahead, 1);
        gate.permit(true, NOW);
        gate.succeeded(NOW.plusSeconds(1));
        assertThat(gate.halted()).isFalse();
    }

    @Test
    void hot_ends_leave_a_fifth_of_the_budget_and_the_whole_is_never_exceeded() {
        Budget budget = new Budget(60, NOW);
        Random random = new Random(1);
        int hot = 0;
        int rest = 0;
        Instant now = NOW;
        for (int i = 0; i < 36_000; i++) {
            now = now.plusMillis(100);
            hot += budget.take(true, now).isZero() ? 1 : 0;
            rest += random.nextBoolean() && budget.take(false, now).isZero() ? 1 : 0;
        }
        assertThat(hot).isBetween(2_800, 2_900);
        assertThat(rest).isBetween(700, 730);
        assertThat(budget.take(true, now.minus(Duration.ofHours(5)))).isLessThan(Duration.ofMinutes(1));
    }

    @Test
    void waits_double_to_a_cap_with_full_jitter() {
        Random random = new Random(1);
        Backoff backoff = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(5));
        for (int n = 0; n < 10_000; n++) {
            int failures = random.nextInt(100);
            Duration most = Duration.ofSeconds(Math.min(300, 1L << Math.min(20, Math.max(0, failures - 1))));
            assertThat(backoff.after(failures, random.nextLong())).isBetween(Duration.ZERO, most);
        }
    }
}
