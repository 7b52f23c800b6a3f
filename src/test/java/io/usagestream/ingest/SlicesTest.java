package io.usagestream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.plan.Budget;
import io.usagestream.plan.Gate;
import io.usagestream.plan.Task;
import io.usagestream.source.SourceSettings;
import io.usagestream.source.Upstream;
import io.usagestream.stream.Event;
import io.usagestream.stream.Events;
import io.usagestream.stream.LogRow;
import io.usagestream.stream.Page;
import io.usagestream.stream.PageRequest;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Window;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Slices of a log that are read and committed together, from a list with pages of thirty. */
class SlicesTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:30:00Z");
    private static final Instant START = Instant.parse("2026-11-21T00:00:00Z");
    private static final Duration SLICE = Duration.ofHours(1);
    private static final Task FOUR =
            new Task(Task.Kind.PASS, new Window(START, START.plus(SLICE.multipliedBy(4))), SLICE, Optional.empty());
    private static final int PAGE = 30;

    private final ToldTime time = new ToldTime(NOW);
    private final List<Event> list = new ArrayList<>();
    private final SourceSettings settings = OneStream.log(START);
    private final SourceContext source = new SourceContext(settings, new Listed(), new Gate(new Budget(6_000, NOW)));
    private final SplitMemory memory = SplitMemory.fresh(settings.streams().get(0), NOW);
    private final WindowSlots slots = new WindowSlots(4);
    private final TaskReader reader = new TaskReader(memory, source, time, new Observer() {});

    SlicesTest() {
        source.learned(PAGE);
        memory.index().bring(Window.dayOf(START));
    }

    @Test
    void slices_that_fit_are_one_window() {
        fill(0, 20);
        fill(3, 29);
        Complete.Slice read = (Complete.Slice) read();
        assertThat(read.whole()).isTrue();
        assertThat(read.slice().window()).isEqualTo(FOUR.window());
        assertThat(read.rows()).isEqualTo(49);
    }

    @Test
    void one_that_holds_more_than_a_page_ends_the_window_and_what_came_before_is_kept() {
        fill(0, 20);
        fill(1, 10);
        fill(2, 31);
        Complete.Slice read = (Complete.Slice) read();
        assertThat(read.whole()).isFalse();
        assertThat(read.slice().window()).isEqualTo(new Window(START, START.plus(SLICE.multipliedBy(2))));
        assertThat(read.rows()).isEqualTo(30);
        assertThat(read.overflow().orElseThrow()).isBetween(Duration.ofMinutes(50), SLICE);
    }

    @Test
    void the_first_that_holds_more_is_read_for_nothing() {
        fill(0, 31);
        assertThat(read()).isInstanceOf(Complete.Halve.class);
    }

    /** Else the watermark would pass over what was not confirmed. */
    @Test
    void what_is_gone_is_not_confirmed_by_a_read_that_was_cut_short() {
        fill(0, 20);
        fill(1, 10);
        Complete first = read();
        WindowDays days = new WindowDays(memory, new NoLane(slots), time);
        WindowAdmission admission = new WindowAdmission(memory, reader, days, time);
        Verdict verdict = result(admission.settle(FOUR, slots.take(time), first));
        verdict.admitted().rows().forEach(memory.index().day(Window.dayOf(START))::put);
        list.remove(3);
        Complete second = read();
        fill(2, 40); // grows before the read that is to confirm
        Future<Verdict> settled = admission.settle(FOUR, slots.take(time), second);
        time.pass(Duration.ofSeconds(1));
        assertThat(settled.failed()).isTrue();
        assertThat(((ReadFailure) settled.cause()).reason()).isEqualTo(Reason.UNSTABLE_LISTING);
    }

    private Complete read() {
        return result(reader.begin(FOUR, slots.take(time)).whole());
    }

    private <T> T result(Future<T> future) {
        time.pass(Duration.ofSeconds(1));
        assertThat(future.succeeded()).as(String.valueOf(future.cause())).isTrue();
        return future.result();
    }

    /** That many events, evenly over an hour. */
    private void fill(int hour, int events) {
        for (int i = 0; i < events; i++) {
            list.add(event(START.plus(SLICE.multipliedBy(hour)).plusSeconds(3_600L * i / events), "u" + i));
        }
    }

    private static Event event(Instant at, String user) {
        return Events.event(at, "p", user, Optional.empty(), Optional.empty());
    }

    /** Newest first, both ends of the window included, as Scenario lists them. */
    private final class Listed implements Upstream {
        @Override
        public Future<Page> read(PageRequest request, Runnable arrived) {
            PageRequest.Log log = (PageRequest.Log) request;
            List<LogRow> rows = list.stream()
                    .filter(event -> log.window().contains(event.time()))
                    .sorted(Comparator.comparing(Event::time).reversed())
                    .skip(log.offset())
                    .limit(PAGE)
                    .<LogRow>map(event -> event)
                    .toList();
            return Future.succeededFuture(new Page.Log(Optional.empty(), rows));
        }

        @Override
        public Future<Void> close() {
            return Future.succeededFuture();
        }
    }
}
