package io.usagestream.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.stream.Grain;
import io.usagestream.stream.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class AgendaTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:10:00Z");
    private static final Duration POLL = Duration.ofSeconds(60);
    private static final Duration SWEEP = Duration.ofMinutes(30);
    private static final Duration LOOKBACK = Duration.ofHours(48);
    private static final Layout HOURS = new Layout.Buckets(Grain.HOUR, 168);
    private static final int SPLITS = 600;
    private static final int PAGE = 100;

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
        int[] densities = {1, 7, 40, 90, 333, 1_000};
        double[] fills = {0.9, 0.9, 0.9, 0.9, 0.9, 0.8}; // of six seconds for a page five are the next less
        for (int n = 0; n < densities.length; n++) {
            int rowsAMinute = densities[n];
            long day = Duration.ofDays(1).toMillis();
            long[] times = LongStream.range(0, 1_440L * rowsAMinute)
                    .map(i -> i * day / (1_440L * rowsAMinute))
                    .toArray();
            Reading reading = Reading.of(times);
            assertThat(reading.rows).as("%d rows a minute", rowsAMinute).isGreaterThan(rowsAMinute * 1_400L);
            assertThat(reading.requests)
                    .as("requests for %d rows, %d a minute", reading.rows, rowsAMinute)
                    .isLessThan((int) (reading.rows / (fills[n] * PAGE)) + 20);
        }
    }

    @Test
    void and_nearly_fill_it_when_events_come_at_random() {
        Random random = new Random(7);
        long[] times =
                random.longs(200_000, 0, Duration.ofDays(1).toMillis()).sorted().toArray();
        Reading reading = Reading.of(times);
        assertThat(reading.requests).isLessThan((int) (reading.rows / (0.72 * PAGE)));
    }

    @Test
    void a_page_too_full_says_how_short_the_next_slice_must_be() {
        long[] dense = LongStream.range(0, 864_000).map(i -> i * 100).toArray();
        assertThat(Reading.of(dense).wasted).isEqualTo(1);
    }

    @Test
    void what_follows_a_window_of_history_is_known_before_it_is_committed() {
        Instant history = NOW.minus(Duration.ofDays(300));
        Agenda agenda = new Agenda(cadence(history), HOURS, history, NOW, new Spread(Duration.ZERO));
        Horizon horizon = new Horizon(history, history);
        Task hot = next(agenda, horizon);
        assertThat(agenda.following(hot, NOW)).isEmpty();
        agenda.finished(hot, NOW);
        Task first = next(agenda, horizon);
        Task second = agenda.following(first, NOW).orElseThrow();
        assertThat(second.window().from()).isEqualTo(first.window().to());
        assertThat(agenda.stands(second)).isFalse();
        agenda.finished(first, NOW);
        assertThat(agenda.stands(second)).isTrue();
        assertThat(agenda.following(second, NOW.plus(POLL)))
                .as("while the hot end is due")
                .isEmpty();
    }

    @Test
    void a_window_that_fails_is_read_page_by_page_so_that_one_bad_page_holds_up_no_others() {
        Instant history = NOW.minus(Duration.ofDays(300));
        Agenda agenda = new Agenda(cadence(history), HOURS, history, NOW, new Spread(Duration.ZERO));
        Horizon horizon = new Horizon(history, history);
        Task task = next(agenda, horizon);
        agenda.finished(task, NOW);
        for (int i = 0; i < 2; i++) {
            task = next(agenda, horizon);
            agenda.read(task, 10, 0, Duration.ofMillis(5));
            horizon = horizon.after(task.window(), NOW, LOOKBACK, HOURS);
            agenda.finished(task, NOW);
        }
        task = next(agenda, horizon);
        assertThat(task.window().length()).isEqualTo(HOURS.step().multipliedBy(4));
        agenda.failed(task, NOW);
        Task again = next(agenda, horizon);
        assertThat(again.window())
                .isEqualTo(new Window(task.window().from(), task.window().from().plus(HOURS.step())));
    }

    @Test
    void a_re_scan_that_met_the_end_of_what_upstream_keeps_goes_on_there_at_once() {
        Instant history = HOURS.floor(NOW.minus(Duration.ofDays(60)));
        Instant kept = HOURS.floor(NOW.minus(Duration.ofDays(20)));
        Instant due = NOW.plus(Duration.ofHours(7));
        Horizon horizon = new Horizon(HOURS.floor(NOW), HOURS.floor(NOW));
        Agenda agenda = new Agenda(cadence(history), HOURS, history, NOW, new Spread(Duration.ZERO));
        assertThat(rescan(agenda, horizon, due).window().from()).isBefore(kept);

        Agenda after = new Agenda(cadence(kept), HOURS, kept, due, new Spread(Duration.ZERO));
        after.carry(agenda);
        Task begun = rescan(after, horizon, due);
        assertThat(begun.window().from()).isEqualTo(kept);
        after.finished(begun, due);
        assertThat(rescan(after, horizon, due).window().from())
                .isEqualTo(begun.window().to());
    }

    private static Task rescan(Agenda agenda, Horizon horizon, Instant now) {
        while (true) {
            Task task = ((Agenda.Next.Read) agenda.next(now, horizon)).task();
            if (task.kind() == Task.Kind.RESCAN) {
                return task;
            }
            agenda.finished(task, now);
        }
    }

    private static Task next(Agenda agenda, Horizon horizon) {
        return ((Agenda.Next.Read) agenda.next(NOW, horizon)).task();
    }

    private static Cadence cadence(Instant history) {
        return new Cadence(
                history, POLL, Duration.ofMinutes(10), SWEEP, LOOKBACK, Duration.ofDays(7), Duration.ofDays(60));
    }

    /** A day of a log, read by an agenda in pages; it counts what that takes. */
    private static final class Reading {
        private final long[] times;
        private int requests;
        private int wasted;
        private long rows;

        private Reading(long[] times) {
            this.times = times;
        }

        /** @param times of the events, in milliseconds of the day, sorted */
        static Reading of(long[] times) {
            Reading reading = new Reading(times);
            Instant history = NOW.minus(Duration.ofDays(1));
            Layout log = new Layout.Log(Duration.ofSeconds(2), Duration.ofHours(6));
            Agenda agenda = new Agenda(cadence(history), log, history, NOW, new Spread(Duration.ZERO));
            Horizon horizon = new Horizon(history, history);
            while (agenda.next(NOW, horizon) instanceof Agenda.Next.Read read) {
                Task task = read.task();
                Instant end = reading.read(agenda, task, history);
                if (end.isAfter(task.window().from())) {
                    Task done = task.until(end);
                    horizon = horizon.after(done.window(), NOW, LOOKBACK, log);
                    agenda.finished(done, NOW);
                }
            }
            return reading;
        }

        private Instant read(Agenda agenda, Task task, Instant history) {
            Instant from = task.window().from();
            int held = 0;
            while (from.isBefore(task.window().to())) {
                Instant to =
                        Horizon.earlier(from.plus(task.slice()), task.window().to());
                requests++;
                int first = count(Duration.between(history, from));
                int last = count(Duration.between(history, to));
                if (last - first >= PAGE) {
                    wasted++;
                    if (held > 0) {
                        agenda.read(task.until(from), held, PAGE, Duration.ZERO);
                    }
                    agenda.overflowed(task, Duration.ofMillis(times[last - 1] - times[last - PAGE]));
                    break;
                }
                held += last - first;
                from = to;
            }
            if (from.equals(task.window().to())) {
                agenda.read(task, held, PAGE, Duration.ZERO);
            }
            rows += held;
            return from;
        }

        private int count(Duration before) {
            int at = Arrays.binarySearch(times, before.toMillis());
            return at < 0 ? -at - 1 : at;
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
        Agenda agenda = new Agenda(cadence, HOURS, history, NOW, new Spread(offset));
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
                agenda.finished(read.task(), now);
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
