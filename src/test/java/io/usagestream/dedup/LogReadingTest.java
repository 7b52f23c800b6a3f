package io.usagestream.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.stream.Digest;
import io.usagestream.stream.Event;
import io.usagestream.stream.Events;
import io.usagestream.stream.Identity;
import io.usagestream.stream.LogRow;
import io.usagestream.stream.Measure;
import io.usagestream.stream.Quarantined;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The verified reading of random lists that shift while they are read, and the naive readings that it stands in for. */
class LogReadingTest {
    private static final Instant FROM = Instant.parse("2026-11-19T00:00:00Z");
    private static final Window SLICE = new Window(FROM, FROM.plusSeconds(60));

    /** A list of events that somebody else changes between two requests. */
    private static final class Listing {
        private final Random random;
        private final List<Event> rows = new ArrayList<>();
        private final int cap;
        private final boolean newestFirst;
        private final boolean wraps;
        private final boolean ignoresTimes;
        private final boolean deletes;
        private final double rate;
        /** How often each row was in the list, at most: nothing beyond may be read of it. */
        private final Map<String, Integer> most = new HashMap<>();

        private int requests;

        Listing(Random random) {
            this.random = random;
            cap = 2 + random.nextInt(random.nextBoolean() ? 10 : 199);
            newestFirst = random.nextBoolean();
            wraps = random.nextBoolean();
            ignoresTimes = random.nextInt(4) == 0;
            deletes = random.nextInt(4) == 0;
            rate = random.nextDouble() * 0.3;
            for (int n = random.nextInt(120); n > 0; n--) {
                insert();
            }
        }

        private void insert() {
            // few different rows: many genuine twins; some beside the slice
            Instant time = FROM.plusSeconds(ignoresTimes ? random.nextInt(120) - 30 : random.nextInt(60));
            Event event = event(time, "u" + random.nextInt(2));
            int at = 0;
            while (at < rows.size() && before(rows.get(at).time(), time)) {
                at++;
            }
            while (at < rows.size() && rows.get(at).time().equals(time) && random.nextBoolean()) {
                at++;
            }
            rows.add(at, event);
        }

        private boolean before(Instant a, Instant b) {
            return newestFirst ? a.isAfter(b) : a.isBefore(b);
        }

        List<LogRow> page(long offset) {
            boolean changed = requests == 0;
            while (random.nextDouble() < rate) {
                changed = true;
                if (deletes && !rows.isEmpty() && random.nextInt(3) == 0) {
                    rows.remove(random.nextInt(rows.size()));
                } else {
                    insert();
                }
            }
            requests++;
            if (changed) {
                counts(rows).forEach((row, count) -> most.merge(row, count, Math::max));
            }
            int from = (int) offset;
            if (from >= rows.size()) {
                from = wraps ? 0 : rows.size();
            }
            return List.copyOf(rows.subList(from, Math.min(rows.size(), from + cap)));
        }
    }

    /** A way to read a listing; empty when it gave up. */
    private interface Reading {
        Optional<List<Event>> read(Listing listing);
    }

    private static Optional<List<Event>> verified(Listing listing) {
        // another slice has shown the largest page before, or none has
        LogReading reading = new LogReading(SLICE, listing.random.nextBoolean() ? listing.cap : 0, false, FROM);
        LogReading.Step step = reading.begin();
        while (step instanceof LogReading.Step.Read read) {
            step = reading.accept(listing.page(read.offset()), FROM);
            assertThat(listing.requests).as("requests").isLessThan(20_000);
        }
        return step instanceof LogReading.Step.Settled settled
                ? Optional.of(settled.slice().events())
                : Optional.empty();
    }

    /** One pass, page after page, until a short one. */
    private static Optional<List<Event>> once(Listing listing) {
        List<Event> read = new ArrayList<>();
        for (List<LogRow> page; listing.requests < 500; ) {
            page = listing.page(read.size());
            page.forEach(row -> read.add((Event) row));
            if (page.size() < listing.cap) {
                break;
            }
        }
        return Optional.of(read.stream().filter(e -> SLICE.contains(e.time())).toList());
    }

    /** One pass that takes a page for the end when it equals the one before. */
    private static Optional<List<Event>> untilEqual(Listing listing) {
        List<Event> read = new ArrayList<>();
        List<LogRow> before = List.of();
        while (listing.requests < 500) {
            List<LogRow> page = listing.page(read.size());
            if (page.isEmpty() || page.equals(before)) {
                break;
            }
            page.forEach(row -> read.add((Event) row));
            before = page;
        }
        return Optional.of(read.stream().filter(e -> SLICE.contains(e.time())).toList());
    }

    /** One pass that believes an offset past the end to be empty. */
    private static Optional<List<Event>> untilEmpty(Listing listing) {
        List<Event> read = new ArrayList<>();
        for (List<LogRow> page; listing.requests < 500 && !(page = listing.page(read.size())).isEmpty(); ) {
            page.forEach(row -> read.add((Event) row));
        }
        return Optional.of(read.stream().filter(e -> SLICE.contains(e.time())).toList());
    }

    /** A verified reading whose twins are one. */
    private static Optional<List<Event>> asSet(Listing listing) {
        return verified(listing).map(events -> List.copyOf(new HashSet<>(events)));
    }

    private record Result(int lost, int invented, int settled) {}

    private static Result over(int lists, long seed, Reading reading) {
        int lost = 0;
        int invented = 0;
        int settled = 0;
        for (int i = 0; i < lists; i++) {
            Listing listing = new Listing(new Random(seed * 1_000_003 + i));
            Map<String, Integer> atFirst = counts(listing.rows);
            Optional<List<Event>> read = reading.read(listing);
            if (read.isEmpty()) {
                continue;
            }
            settled++;
            Map<String, Integer> got = counts(read.get());
            boolean tooMany =
                    got.entrySet().stream().anyMatch(e -> e.getValue() > listing.most.getOrDefault(e.getKey(), 0));
            // what was there from the beginning and never deleted must have been seen
            boolean tooFew = !listing.deletes
                    && atFirst.entrySet().stream()
                            .filter(e -> !e.getKey().startsWith("beside"))
                            .anyMatch(e -> got.getOrDefault(e.getKey(), 0) < e.getValue());
            invented += tooMany ? 1 : 0;
            lost += tooFew ? 1 : 0;
        }
        return new Result(lost, invented, settled);
    }

    @Test
    void five_thousand_shifting_lists_are_read_without_loss_and_without_invention() {
        Result result = over(5_000, 1, LogReadingTest::verified);
        assertThat(result.lost()).as("lists of which rows were lost").isZero();
        assertThat(result.invented())
                .as("lists of which rows were read too often")
                .isZero();
        assertThat(result.settled()).as("lists that settled").isGreaterThan(2_500);
    }

    @Test
    void a_single_pass_counts_rows_twice() {
        assertThat(over(200, 2, LogReadingTest::once).invented()).isPositive();
    }

    @Test
    void a_page_of_equal_twins_taken_for_the_end_loses_rows() {
        assertThat(over(200, 2, LogReadingTest::untilEqual).lost()).isPositive();
    }

    @Test
    void a_wrapped_offset_read_as_new_invents_rows() {
        assertThat(over(200, 2, LogReadingTest::untilEmpty).invented()).isPositive();
    }

    @Test
    void a_set_instead_of_a_multiset_loses_twins() {
        assertThat(over(200, 2, LogReadingTest::asSet).lost()).isPositive();
    }

    @Test
    void a_single_row_is_whole_although_the_page_size_is_not_known() {
        LogReading reading = new LogReading(SLICE, 0, true, FROM);
        Event event = event(FROM, "u");
        LogReading.Step step = reading.accept(List.of(event), FROM.plusSeconds(1));
        assertThat(step)
                .isInstanceOfSatisfying(
                        LogReading.Step.Settled.class,
                        settled -> assertThat(settled.slice().events()).containsExactly(event));
    }

    @Test
    void a_page_shorter_than_the_largest_is_verified_by_itself_and_the_end_is_exclusive() {
        LogReading reading = new LogReading(SLICE, 37, true, FROM);
        List<LogRow> page = List.of(event(FROM, "u"), event(FROM, "u"), event(SLICE.to(), "u"));
        assertThat(reading.accept(page, FROM.plusSeconds(1)))
                .isInstanceOfSatisfying(
                        LogReading.Step.Settled.class,
                        settled -> assertThat(settled.slice().events()).hasSize(2));
    }

    @Test
    void a_row_that_is_not_understood_is_of_the_slice_unless_it_is_known_to_lie_beside_it() {
        List<LogRow> page = List.of(
                bad("inside", Optional.of(FROM)),
                bad("beside", Optional.of(SLICE.to())),
                bad("unknown", Optional.empty()));
        assertThat(new LogReading(SLICE, 37, true, FROM).accept(page, FROM))
                .isInstanceOfSatisfying(
                        LogReading.Step.Settled.class,
                        settled -> assertThat(settled.slice().quarantined())
                                .extracting(Quarantined::detail)
                                .containsExactly("inside", "unknown"));
        List<LogRow> full = Collections.nCopies(40, bad("unknown", Optional.empty()));
        assertThat(new LogReading(SLICE, 40, true, FROM).accept(full, FROM))
                .isEqualTo(new LogReading.Step.Halve(Duration.ZERO));
    }

    private static Quarantined bad(String name, Optional<Instant> time) {
        return new Quarantined(Reason.BAD_NUMBER, name, "", Optional.empty(), Digest.of(name), time);
    }

    @Test
    void a_full_page_of_the_slice_is_halved_and_one_with_strangers_is_read_by_offset() {
        List<LogRow> full = new ArrayList<>(Collections.nCopies(40, event(FROM, "u")));
        assertThat(new LogReading(SLICE, 40, true, FROM).accept(full, FROM))
                .isEqualTo(new LogReading.Step.Halve(Duration.ZERO));
        full.set(39, event(SLICE.to(), "u"));
        assertThat(new LogReading(SLICE, 40, true, FROM).accept(full, FROM)).isEqualTo(new LogReading.Step.Read(30));
    }

    @Test
    void a_list_that_never_holds_still_is_given_up() {
        LogReading reading = new LogReading(SLICE, 3, false, FROM);
        LogReading.Step step = reading.begin();
        int number = 0;
        Set<String> users = new HashSet<>();
        while (step instanceof LogReading.Step.Read) {
            List<LogRow> page = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                String user = "u" + number++;
                users.add(user);
                page.add(event(FROM, user));
            }
            step = reading.accept(page, FROM);
        }
        assertThat(step).isEqualTo(new LogReading.Step.Unstable(LogReading.MAX_PASSES));
        assertThat(users).isNotEmpty();
    }

    private static Map<String, Integer> counts(List<Event> events) {
        Map<String, Integer> counts = new HashMap<>();
        events.forEach(
                e -> counts.merge((SLICE.contains(e.time()) ? "" : "beside") + Identity.text(e), 1, Integer::sum));
        return counts;
    }

    private static Event event(Instant time, String user) {
        return Events.event(time, "p", user, Optional.empty(), Optional.of(Measure.of(1, Event.COST_UNIT)));
    }
}
