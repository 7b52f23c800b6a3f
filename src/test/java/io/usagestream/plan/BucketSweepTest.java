package io.usagestream.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.plan.BucketSweep.Step;
import io.usagestream.stream.Bucket;
import io.usagestream.stream.ByName;
import io.usagestream.stream.Grain;
import io.usagestream.stream.Measure;
import io.usagestream.stream.Measures;
import io.usagestream.stream.Page;
import io.usagestream.stream.Point;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BucketSweepTest {
    private static final Instant T0 = Instant.parse("2026-11-19T00:00:00Z");
    private static final Window WINDOW = new Window(T0, hour(4));

    private final BucketSweep sweep =
            new BucketSweep(WINDOW, new Layout.Buckets(Grain.HOUR, 4), 2, Optional.empty(), hour(9));

    @Test
    void pages_are_followed_to_the_last_in_any_order_of_buckets() {
        assertThat(sweep.begin()).isEqualTo(new Step.Read(WINDOW, 2, Optional.empty()));
        assertThat(sweep.accept(page(true, "c", 1, 0))).isEqualTo(new Step.Read(WINDOW, 2, Optional.of("c")));
        assertThat(sweep.accept(page(false, "", 2, 3))).isInstanceOfSatisfying(Step.Complete.class, complete -> {
            assertThat(complete.sweep().buckets()).hasSize(4);
            assertThat(complete.sweep().missing()).isZero();
            assertThat(complete.sweep().unreliable()).isEmpty();
        });
    }

    @Test
    void a_page_that_begins_with_the_newest_is_followed_to_the_oldest() {
        assertThat(sweep.accept(page(true, "c", 3, 2))).isEqualTo(new Step.Read(WINDOW, 2, Optional.of("c")));
        assertThat(sweep.accept(page(false, "", 1, 0)))
                .isInstanceOfSatisfying(
                        Step.Complete.class,
                        complete -> assertThat(complete.sweep().missing()).isZero());
    }

    @Test
    void what_is_missing_before_the_end_is_not_looked_for_behind_it_for_ever() {
        sweep.accept(page(true, "c", 1, 3));
        assertThat(sweep.accept(page(true, "d"))).isInstanceOf(Step.Complete.class);
        BucketSweep again = fresh();
        again.accept(page(true, "c", 1, 3));
        assertThat(again.accept(page(true, "d", 1, 3))).isInstanceOf(Step.Complete.class);
        BucketSweep refused = fresh();
        refused.accept(page(true, "c", 1, 3));
        assertThat(refused.cursorRefused()).isInstanceOf(Step.Complete.class);
    }

    @Test
    void a_grouping_is_ignored_when_no_page_shows_it() {
        sweep.accept(grouped(true, 0, true));
        assertThat(sweep.accept(page(false, "", 1, 2, 3)))
                .satisfies(step -> assertThat(ignored(step)).isTrue());
        BucketSweep heeded = fresh();
        heeded.accept(grouped(true, 0, false));
        assertThat(ignored(heeded.accept(grouped(false, 2, true)))).isFalse();
    }

    private static boolean ignored(Step step) {
        return ((Step.Complete) step).sweep().ignoredGrouping();
    }

    private static Page.Buckets grouped(boolean more, int hour, boolean ignored) {
        Point point = new Point(
                hour(hour), Grain.HOUR, ByName.of("user_id", Optional.empty()), Measures.of("n", Measure.of(1, "n")));
        Bucket bucket = new Bucket(hour(hour), hour(hour + 1), List.of(point), List.of());
        return new Page.Buckets(
                Optional.empty(), Grain.HOUR, List.of(bucket), List.of(), more, Optional.of("c"), ignored);
    }

    @Test
    void a_longer_window_is_asked_for_a_page_at_a_time_and_what_follows_is_known_before() {
        BucketSweep longer = new BucketSweep(
                new Window(T0, hour(7)), new Layout.Buckets(Grain.HOUR, 4), 4, Optional.empty(), hour(9));
        Step.Read second = new Step.Read(new Window(hour(4), hour(7)), 4, Optional.empty());
        assertThat(longer.begin()).isEqualTo(new Step.Read(WINDOW, 4, Optional.empty()));
        assertThat(longer.following()).contains(second);
        assertThat(longer.accept(page(true, "c", 0, 1))).isEqualTo(new Step.Read(WINDOW, 4, Optional.of("c")));
        assertThat(longer.following()).contains(second);
        assertThat(longer.accept(page(false, "", 2, 3))).isEqualTo(second);
        assertThat(longer.following()).isEmpty();
        assertThat(longer.accept(page(false, "", 4, 5, 6))).isInstanceOfSatisfying(Step.Complete.class, complete -> {
            assertThat(complete.sweep().buckets()).hasSize(7);
            assertThat(complete.sweep().missing()).isZero();
        });
    }

    @Test
    void a_refused_cursor_is_answered_by_time() {
        sweep.accept(page(true, "c", 0, 1));
        assertThat(sweep.cursorRefused()).isEqualTo(new Step.Read(new Window(hour(2), hour(4)), 2, Optional.empty()));
    }

    @Test
    void a_cursor_that_is_refused_at_the_end_of_the_window_ends_the_sweep() {
        sweep.accept(page(true, "c", 0, 1));
        assertThat(sweep.accept(page(true, "d", 2, 3))).isInstanceOf(Step.Complete.class);
    }

    @Test
    void a_cursor_that_comes_again_or_is_missing_fails_the_window() {
        sweep.accept(page(true, "c", 0));
        reason(sweep.accept(page(true, "c", 1)), Reason.CURSOR_LOOP);
        reason(fresh().accept(page(true, "", 0)), Reason.CURSOR_MISSING);
    }

    @Test
    void pages_without_end_fail_the_window() {
        Step step = sweep.begin();
        for (int n = 0; step instanceof Step.Read; n++) {
            step = sweep.accept(page(true, "c" + n));
        }
        reason(step, Reason.EMPTY_PAGE_LIMIT);
    }

    @Test
    void a_bucket_that_differs_between_two_pages_fails_the_window_and_an_equal_one_counts_once() {
        sweep.accept(page(true, "c", 0, 1));
        assertThat(sweep.accept(page(true, "d", 1, 2))).isInstanceOf(Step.Read.class);
        Bucket other = new Bucket(hour(1), hour(1).plusSeconds(7), List.of(), List.of());
        Page.Buckets page = new Page.Buckets(
                Optional.empty(), Grain.HOUR, List.of(other), List.of(), false, Optional.empty(), false);
        reason(sweep.accept(page), Reason.INCONSISTENT_PAGES);
    }

    @Test
    void what_is_missing_proves_nothing_and_the_open_bucket_is_no_gap() {
        BucketSweep open = new BucketSweep(
                WINDOW, new Layout.Buckets(Grain.HOUR, 4), 4, Optional.empty(), hour(3).plusSeconds(60));
        assertThat(open.accept(page(false, "", 0, 2))).isInstanceOfSatisfying(Step.Complete.class, complete -> {
            assertThat(complete.sweep().missing()).isEqualTo(1);
            assertThat(complete.sweep().unreliable()).containsExactlyInAnyOrder(hour(1), hour(3));
        });
    }

    @Test
    void another_granularity_fails_the_window() {
        BucketSweep pinned =
                new BucketSweep(WINDOW, new Layout.Series(Grain.DAY, Grain.DAY), 4, Optional.of(Grain.DAY), hour(9));
        reason(pinned.accept(page(false, "", 0)), Reason.GRANULARITY_CHANGED);
    }

    @Test
    void a_series_without_buckets_tells_no_granularity_and_is_no_gap() {
        Window two = new Window(T0, hour(48));
        Layout series = new Layout.Series(Grain.DAY, Grain.HOUR);
        int[] hours = IntStream.range(24, 48).toArray();
        BucketSweep pinned = new BucketSweep(two, series, 2, Optional.of(Grain.HOUR), hour(60));
        assertThat(pinned.accept(silent())).isInstanceOf(Step.Read.class);
        assertThat(pinned.accept(page(false, "", hours))).isInstanceOfSatisfying(Step.Complete.class, complete -> {
            assertThat(complete.sweep().grain()).isEqualTo(Grain.HOUR);
            assertThat(complete.sweep().missing()).isZero();
            assertThat(complete.sweep().unreliable())
                    .hasSize(24)
                    .contains(hour(1))
                    .doesNotContain(hour(25));
        });
        BucketSweep quiet = new BucketSweep(two, series, 2, Optional.of(Grain.HOUR), hour(60));
        quiet.accept(silent());
        assertThat(quiet.accept(silent())).isInstanceOfSatisfying(Step.Complete.class, complete -> {
            assertThat(complete.sweep().grain()).isEqualTo(Grain.HOUR);
            assertThat(complete.sweep().inconclusive()).isTrue();
        });
        BucketSweep fresh = new BucketSweep(two, series, 2, Optional.empty(), hour(60));
        fresh.accept(silent());
        assertThat(fresh.accept(page(false, "", hours)))
                .isInstanceOfSatisfying(
                        Step.Complete.class,
                        complete -> assertThat(complete.sweep().grain()).isEqualTo(Grain.HOUR));
    }

    /** A day of which upstream shows no series. */
    private static Page.Buckets silent() {
        return new Page.Buckets(Optional.empty(), Grain.DAY, List.of(), List.of(), false, Optional.empty(), false);
    }

    private static BucketSweep fresh() {
        return new BucketSweep(WINDOW, new Layout.Buckets(Grain.HOUR, 4), 2, Optional.empty(), hour(9));
    }

    private static void reason(Step step, Reason reason) {
        assertThat(step)
                .isInstanceOfSatisfying(
                        Step.Failed.class, failed -> assertThat(failed.reason()).isEqualTo(reason));
    }

    private static Instant hour(int hour) {
        return T0.plus(Duration.ofHours(hour));
    }

    private static Page.Buckets page(boolean more, String cursor, int... hours) {
        List<Bucket> buckets = IntStream.of(hours)
                .mapToObj(h -> new Bucket(hour(h), hour(h + 1), List.of(), List.of()))
                .toList();
        return new Page.Buckets(
                Optional.empty(),
                Grain.HOUR,
                buckets,
                List.of(),
                more,
                cursor.isEmpty() ? Optional.empty() : Optional.of(cursor),
                false);
    }
}
