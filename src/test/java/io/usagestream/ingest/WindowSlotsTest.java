package io.usagestream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** However many splits catch up, a few windows are in memory; and nobody waits for a slow upstream. */
class WindowSlotsTest {
    private final Clock clock = new Clock();
    private final WindowSlots slots = new WindowSlots();
    private final List<WindowSlots.Slot> inside = new ArrayList<>();

    @Test
    void noMoreThanThatManyGetInUntilOneLeaves() {
        enter(WindowSlots.SLOTS + 3);
        assertThat(inside).hasSize(WindowSlots.SLOTS);
        inside.get(0).leave();
        inside.get(0).leave(); // once is enough
        assertThat(inside).hasSize(WindowSlots.SLOTS + 1);
    }

    @Test
    void whoAwaitsAnAnswerForLongLetsTheNextOneIn() {
        enter(WindowSlots.SLOTS + 2);
        inside.get(0).reading();
        clock.pass(WindowSlots.PATIENCE);
        assertThat(inside).hasSize(WindowSlots.SLOTS + 1);
    }

    @Test
    void anAnswerInTimeKeepsTheSlot() {
        enter(WindowSlots.SLOTS + 1);
        inside.get(0).reading();
        inside.get(0).read();
        clock.pass(WindowSlots.PATIENCE);
        assertThat(inside).hasSize(WindowSlots.SLOTS);
    }

    @Test
    void whatCameLateCountsAllTheSame() {
        enter(WindowSlots.SLOTS + 3);
        inside.get(0).reading();
        clock.pass(WindowSlots.PATIENCE);
        inside.get(0).read();
        inside.get(1).leave(); // one more than the bound was in: this makes no room
        assertThat(inside).hasSize(WindowSlots.SLOTS + 1);
        inside.get(0).leave();
        assertThat(inside).hasSize(WindowSlots.SLOTS + 2);
    }

    @Test
    void theHotEndNeverWaitsButCounts() {
        List<WindowSlots.Slot> hot = new ArrayList<>();
        for (int i = 0; i <= WindowSlots.SLOTS; i++) {
            hot.add(slots.take(clock));
        }
        enter(1);
        assertThat(inside).isEmpty();
        hot.get(0).leave();
        assertThat(inside).isEmpty();
        hot.get(1).leave();
        assertThat(inside).hasSize(1);
    }

    @Test
    void nobodyGetsInAfterTheEnd() {
        enter(WindowSlots.SLOTS + 1);
        slots.close();
        inside.get(0).leave();
        enter(1);
        assertThat(inside).hasSize(WindowSlots.SLOTS);
    }

    private void enter(int many) {
        for (int i = 0; i < many; i++) {
            slots.enter(clock, inside::add);
        }
    }

    /** Time that passes when it is told to. */
    private static final class Clock implements Ticker {
        private final TreeMap<Instant, List<Runnable>> timers = new TreeMap<>();
        private Instant now = Instant.EPOCH;

        void pass(Duration time) {
            now = now.plus(time);
            while (!timers.isEmpty() && !timers.firstKey().isAfter(now)) {
                List.copyOf(timers.pollFirstEntry().getValue()).forEach(Runnable::run);
            }
        }

        @Override
        public Instant now() {
            return now;
        }

        @Override
        public Timer after(Duration delay, Runnable task) {
            List<Runnable> at = timers.computeIfAbsent(now.plus(delay), t -> new ArrayList<>());
            at.add(task);
            return () -> at.remove(task);
        }

        @Override
        public void execute(Runnable task) {
            task.run();
        }

        @Override
        public <T> Future<T> aside(int rows, Supplier<T> work) {
            return Future.succeededFuture(work.get());
        }

        @Override
        public long random() {
            return 0;
        }
    }
}
