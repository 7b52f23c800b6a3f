package io.usagestream.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.usagestream.source.Failure;
import io.usagestream.source.UpstreamException;
import io.usagestream.stream.Bucket;
import io.usagestream.stream.Event;
import io.usagestream.stream.Grain;
import io.usagestream.stream.LogRow;
import io.usagestream.stream.Page;
import io.usagestream.stream.PageRequest;
import io.usagestream.stream.Point;
import io.usagestream.stream.Split;
import io.usagestream.stream.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What every upstream must do that the reading of windows relies on, be it real or simulated. Nothing changes while it is asked, and
 * every hour has usage.
 */
public abstract class UpstreamContract {
    private static final Grain GRAIN = Grain.HOUR;
    private static final Duration DAY = Duration.ofDays(1);

    /** Buckets of an hour that come in pages. */
    protected abstract Split paged();

    /** Buckets of an hour that come whole for a day. */
    protected abstract Split whole();

    /** A log of events by offset, with more than one page of events a day. */
    protected abstract Split log();

    /** Upstream's clock. */
    protected abstract Instant now();

    /** Sends a request and waits for its page. */
    protected abstract Page ask(PageRequest request);

    /** A day that is over for long. */
    private Window closedDay() {
        Instant from = Window.startOf(Window.dayOf(now()).minusDays(3));
        return new Window(from, from.plus(DAY));
    }

    private Page.Buckets buckets(Split split, Window window, int limit, Optional<String> cursor) {
        return (Page.Buckets) ask(new PageRequest.Buckets(split, window, limit, cursor));
    }

    private List<LogRow> rows(Window window, long offset) {
        return ((Page.Log) ask(new PageRequest.Log(log(), window, offset))).rows();
    }

    private List<Page.Buckets> pages(Window window, int limit) {
        List<Page.Buckets> pages = new ArrayList<>();
        Optional<String> cursor = Optional.empty();
        do {
            pages.add(buckets(paged(), window, limit, cursor));
            cursor = pages.get(pages.size() - 1).cursor();
        } while (cursor.isPresent() && pages.size() < 100);
        return pages;
    }

    private static List<Instant> starts(Stream<Bucket> buckets) {
        return buckets.map(Bucket::start).sorted().toList();
    }

    private static List<Instant> hours(Window window) {
        return Stream.iterate(window.from(), hour -> hour.isBefore(window.to()), hour -> hour.plus(GRAIN.width()))
                .toList();
    }

    private static Set<Point> points(Stream<Bucket> buckets) {
        Set<Point> points = new HashSet<>();
        buckets.forEach(bucket -> points.addAll(bucket.rows()));
        return points;
    }

    @Test
    void a_closed_window_comes_whole_through_its_cursors_each_bucket_once() {
        List<Page.Buckets> pages = pages(closedDay(), 5);
        assertThat(pages).hasSize(5).allSatisfy(page -> {
            assertThat(page.grain()).isEqualTo(GRAIN);
            assertThat(page.buckets()).hasSizeBetween(1, 5);
            assertThat(page.more()).isEqualTo(page.cursor().isPresent());
            assertThat(page.quarantined()).isEmpty();
        });
        assertThat(starts(pages.stream().flatMap(page -> page.buckets().stream())))
                .isEqualTo(hours(closedDay()));
    }

    @Test
    void the_size_of_a_page_changes_nothing_in_what_is_read() {
        Set<Point> large = points(pages(closedDay(), 24).stream().flatMap(page -> page.buckets().stream()));
        Set<Point> small = points(pages(closedDay(), 7).stream().flatMap(page -> page.buckets().stream()));
        assertThat(small).isEqualTo(large).isNotEmpty();
    }

    @Test
    void a_bucket_is_whole_and_its_rows_are_its_own() {
        Stream.concat(pages(closedDay(), 24).stream(), Stream.of(buckets(whole(), closedDay(), 24, Optional.empty())))
                .flatMap(page -> page.buckets().stream())
                .forEach(bucket -> {
                    assertThat(bucket.end()).isEqualTo(bucket.start().plus(GRAIN.width()));
                    assertThat(bucket.rows()).allSatisfy(row -> {
                        assertThat(row.start()).isEqualTo(bucket.start());
                        assertThat(row.grain()).isEqualTo(GRAIN);
                    });
                });
    }

    @Test
    void the_bucket_that_holds_now_is_the_last_and_ends_no_later_than_it_may() {
        Instant open = GRAIN.floor(now());
        Window window = new Window(open.minus(Duration.ofHours(3)), open.plus(GRAIN.width()));
        List<Bucket> buckets = buckets(paged(), window, 24, Optional.empty()).buckets();
        assertThat(starts(buckets.stream())).isEqualTo(hours(window));
        assertThat(buckets)
                .allSatisfy(bucket -> assertThat(bucket.end())
                        .isAfterOrEqualTo(bucket.start())
                        .isBeforeOrEqualTo(bucket.start().plus(GRAIN.width())));
    }

    @Test
    void a_cursor_holds_for_its_own_question_only() {
        Optional<String> cursor =
                buckets(paged(), closedDay(), 5, Optional.empty()).cursor();
        Window other =
                new Window(closedDay().from().minus(DAY), closedDay().to().minus(DAY));
        assertThatThrownBy(() -> buckets(paged(), other, 5, cursor))
                .isInstanceOfSatisfying(
                        UpstreamException.class,
                        e -> assertThat(e.failure()).isInstanceOf(Failure.CursorRefused.class));
    }

    @Test
    void a_series_comes_whole_whatever_the_limit() {
        Page.Buckets page = buckets(whole(), closedDay(), 1, Optional.empty());
        assertThat(page.more()).isFalse();
        assertThat(page.cursor()).isEmpty();
        assertThat(page.grain()).isEqualTo(GRAIN);
        assertThat(starts(page.buckets().stream())).isEqualTo(hours(closedDay()));
        assertThat(points(page.buckets().stream())).isNotEmpty();
    }

    @Test
    void the_same_question_has_the_same_answer_while_nothing_changes() {
        assertThat(points(buckets(whole(), closedDay(), 24, Optional.empty()).buckets().stream()))
                .isEqualTo(points(buckets(whole(), closedDay(), 24, Optional.empty()).buckets().stream()));
        assertThat(rows(closedDay(), 0)).isEqualTo(rows(closedDay(), 0));
    }

    @Test
    void a_log_is_read_by_offset_row_after_row_in_the_order_of_time() {
        List<LogRow> first = rows(closedDay(), 0);
        int size = first.size();
        List<LogRow> all = new ArrayList<>(first);
        List<LogRow> next = first;
        while (next.size() == size && all.size() < 100_000) {
            next = rows(closedDay(), all.size());
            if (!next.isEmpty() && !next.equals(first)) {
                all.addAll(next);
            }
        }
        assertThat(all)
                .hasSizeGreaterThan(size)
                .allSatisfy(row -> assertThat(row).isInstanceOf(Event.class));
        List<Instant> times = all.stream().map(row -> ((Event) row).time()).toList();
        assertThat(times)
                .satisfiesAnyOf(
                        rising -> assertThat(rising).isSorted(),
                        falling -> assertThat(falling).isSortedAccordingTo((a, b) -> b.compareTo(a)));
        assertThat(times)
                .allSatisfy(time -> assertThat(time)
                        .isBetween(closedDay().from(), closedDay().to()));
        // any offset may be asked for, not multiples of a page alone
        assertThat(rows(closedDay(), size - 1L).get(0)).isEqualTo(first.get(size - 1));
    }

    @Test
    void an_offset_past_the_end_is_no_error() {
        List<LogRow> past = rows(closedDay(), 1_000_000);
        assertThat(past.isEmpty() || past.equals(rows(closedDay(), 0)))
                .as("nothing, or the list from its beginning")
                .isTrue();
    }

    @Test
    void an_answer_says_when_it_was_given() {
        Duration tolerated = Duration.ofSeconds(2);
        for (PageRequest request : List.of(
                new PageRequest.Buckets(paged(), closedDay(), 24, Optional.empty()),
                new PageRequest.Buckets(whole(), closedDay(), 24, Optional.empty()),
                new PageRequest.Log(log(), closedDay(), 0))) {
            Page page = ask(request);
            Instant said = page.upstreamNow().orElseThrow();
            assertThat(Duration.between(said, now()).abs()).isLessThan(tolerated);
        }
    }
}
