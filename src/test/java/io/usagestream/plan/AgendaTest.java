package io.usagestream.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.stream.Grain;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AgendaTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:10:00Z");
    private static final Duration POLL = Duration.ofSeconds(60);
    private static final Duration SWEEP = Duration.ofMinutes(30);
    private static final Duration LOOKBACK = Duration.ofHours(48);
    private static final Layout HOURS = new Layout.Buckets(Grain.HOUR, 168);
    private static final int SPLITS = 600;

    @Test
    void splits_that_start_together_read_at_once_and_then_poll_at_moments_of_their_own() {
        List<List<Instant>> polls = starts(Task.Kind.HOT, Duration.ofMinutes(4));

        assertThat(polls).allSatisfy(times -> {
            assertThat(times.get(0)).isEqualTo(NOW);
            assertThat(times.get(1)).isAfter(NOW).isBeforeOrEqualTo(NOW.plus(POLL));
            assertThat(times.get(2)).isEqualTo(times.get(1).plus(POLL));
        });
        assertThat(mostInASecond(polls, 2)).isLessThanOrEqualTo(2 * SPLITS / (int) POLL.toSeconds());
    }

    @Test
    void and_sweep_at_moments_of_their_own() {
        List<List<Instant>> sweeps = starts(Task.Kind.PASS, Duration.ofMinutes(95));

        assertThat(sweeps).allSatisfy(times -> {
            assertThat(times.get(0)).isEqualTo(NOW);
            assertThat(times.get(1)).isBeforeOrEqualTo(NOW.plus(SWEEP).plus(POLL));
            assertThat(Duration.between(times.get(1), times.get(2))).isEqualTo(SWEEP);
        });
        assertThat(mostInASecond(sweeps, 2)).isLessThanOrEqualTo(SPLITS / 60);
    }

    @Test
    void slices_of_a_log_fill_a_page_whatever_the_density() {
        int page = 100;
        for (int rowsAMinute : new int[] {1, 7, 40, 90, 333, 1_000}) {
            Instant history = NOW.minus(Duration.ofDays(1));
            Layout log = new Layout.Log(Duration.ofSeconds(2), Duration.ofHours(6));
            Cadence cadence = new Cadence(
                    history, POLL, Duration.ofMinutes(10), SWEEP, LOOKBACK, Duration.ofDays(7), Duration.ofDays(60));
            Agenda agenda = new Agenda(cadence, log, history, NOW, Duration.ZERO);
            Horizon horizon = new Horizon(history, history);
            int requests = 0;
            long rows = 0;
            while (agenda.next(NOW, horizon) instanceof Agenda.Next.Read read) {
                requests++;
                int held = (int) (read.task().window().length().toSeconds() * rowsAMinute / 60);
                if (held >= page) {
                    agenda.halve(read.task());
                    continue;
                }
                agenda.fit(read.task(), held, page);
                horizon = horizon.after(read.task().window(), NOW, LOOKBACK, log);
                agenda.finished(read.task(), NOW, horizon);
                rows += held;
            }
            assertThat(rows).as("%d rows a minute", rowsAMinute).isGreaterThan(rowsAMinute * 1_400L);
            assertThat(requests)
                    .as("requests for %d rows, %d a minute", rows, rowsAMinute)
                    .isLessThan((int) (rows / (0.78 * page)) + 20);
        }
    }

    /** When each split begins what is of that kind; reading takes no time. */
    private static List<List<Instant>> starts(Task.Kind kind, Duration time) {
        return IntStream.range(0, SPLITS)
                .mapToObj(split -> starts(kind, time, Duration.ofMillis(split * 104_729L % 3_600_000)))
                .toList();
    }

    private static List<Instant> starts(Task.Kind kind, Duration time, Duration offset) {
        Instant history = Instant.parse("2026-11-20T00:00:00Z");
        Cadence cadence = new Cadence(
                history, POLL, Duration.ofHours(2), SWEEP, LOOKBACK, Duration.ofDays(7), Duration.ofDays(60));
        Agenda agenda = new Agenda(cadence, HOURS, history, NOW, offset);
        Horizon horizon = new Horizon(history, history);
        List<Instant> starts = new ArrayList<>();
        Instant now = NOW;
        while (now.isBefore(NOW.plus(time))) {
            Agenda.Next next = agenda.next(now, horizon);
            if (next instanceof Agenda.Next.Read read) {
                if (read.task().kind() == kind) {
                    starts.add(now);
                }
                horizon = horizon.after(read.task().window(), now, LOOKBACK, HOURS);
                agenda.finished(read.task(), now, horizon);
            } else if (next instanceof Agenda.Next.Wait wait) {
                now = wait.until();
            }
        }
        return starts;
    }

    private static int mostInASecond(List<List<Instant>> starts, int nth) {
        int[] counts = new int[7_200];
        starts.forEach(
                times -> counts[(int) Duration.between(NOW, times.get(nth)).toSeconds()]++);
        return IntStream.of(counts).max().orElse(0);
    }
}
