package io.usagestream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.stream.Bucket;
import io.usagestream.stream.Digest;
import io.usagestream.stream.Grain;
import io.usagestream.stream.Page;
import io.usagestream.stream.Publication.Period;
import io.usagestream.stream.Publication.QuarantinedRow;
import io.usagestream.stream.Quarantined;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Window;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A day below the floor that is read in several windows: its period counts the quarantined rows of all of them. */
class QuarantinedDaysTest {
    private static final Instant START = Instant.parse("2026-09-01T00:00:00Z");
    private static final Window DAY = Window.of(LocalDate.of(2026, 8, 20));
    private static final Instant EARLY = DAY.from().plus(Duration.ofHours(1));
    private static final Instant LATE = DAY.to().minus(Duration.ofHours(1));

    private final ToldTime time = new ToldTime(START.plus(Duration.ofMinutes(30)));
    private final Set<Instant> notUnderstood = new TreeSet<>(Set.of(EARLY, LATE));
    private final KeepingLane lane = new KeepingLane();
    private final SplitMemory memory = SplitMemory.fresh(
            // pages of seven hours do not end where days do
            OneStream.source(START, Duration.ofHours(7)).streams().get(0), START);
    private final SplitLoop loop = new SplitLoop(
            memory,
            OneStream.answering(START, START, window -> Future.succeededFuture(page(window))),
            lane,
            time,
            new Observer() {});

    @BeforeEach
    void catch_up() {
        loop.start(Duration.ZERO);
        time.pass(Duration.ofMinutes(5));
    }

    @Test
    void counts_what_every_window_of_the_day_showed() {
        read("first");
        assertThat(periods()).singleElement().extracting(Period::quarantined).isEqualTo(2L);
        assertThat(quarantined()).hasSize(2);
    }

    @Test
    void says_nothing_when_upstream_shows_the_same_again() {
        read("first");
        read("again");
        assertThat(periods()).hasSize(1);
        assertThat(quarantined()).hasSize(2);
    }

    @Test
    void counts_anew_what_is_gone_and_what_is_shown_again() {
        read("first");
        notUnderstood.remove(EARLY);
        read("gone");
        notUnderstood.remove(LATE);
        notUnderstood.add(EARLY);
        read("the other");
        notUnderstood.clear();
        read("all gone");
        notUnderstood.addAll(Set.of(EARLY, LATE));
        read("both again");
        assertThat(periods()).extracting(Period::quarantined).containsExactly(2L, 1L, 0L, 2L);
        assertThat(periods()).extracting(Period::revision).containsExactly(1, 2, 3, 4);
        assertThat(quarantined()).as("published once").hasSize(2);
    }

    @Test
    void counts_all_of_a_day_in_which_a_session_before_stopped() {
        Instant done = DAY.from().plus(Duration.ofHours(12));
        lane.add(new QuarantinedRow(OneStream.SPLIT, "", row(EARLY), new Window(DAY.from(), done), START));
        memory.requests().put("stopped", done);
        read("stopped");
        assertThat(periods()).singleElement().extracting(Period::quarantined).isEqualTo(2L);
    }

    private List<Period> periods() {
        return lane.published(Period.class).stream()
                .filter(period -> DAY.contains(Window.startOf(period.day())))
                .toList();
    }

    private List<QuarantinedRow> quarantined() {
        return lane.published(QuarantinedRow.class);
    }

    private void read(String request) {
        loop.request(request, DAY);
        time.pass(Duration.ofMinutes(1));
    }

    private Page page(Window window) {
        List<Bucket> buckets = new ArrayList<>();
        for (Instant at = window.from(); at.isBefore(window.to()); at = at.plus(Duration.ofHours(1))) {
            List<Quarantined> rows = notUnderstood.contains(at) ? List.of(row(at)) : List.of();
            buckets.add(new Bucket(at, at.plus(Duration.ofHours(1)), List.of(), rows));
        }
        return new Page.Buckets(Optional.empty(), Grain.HOUR, buckets, List.of(), false, Optional.empty(), false);
    }

    private static Quarantined row(Instant at) {
        return new Quarantined(
                Reason.DUPLICATE_KEY, "", "/data", Optional.empty(), Digest.of("row of " + at), Optional.of(at));
    }
}
