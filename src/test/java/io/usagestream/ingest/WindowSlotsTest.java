package io.usagestream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** However many splits catch up, a few windows are in memory; and nobody waits for a slow upstream. */
class WindowSlotsTest {
    private static final int SLOTS = 4;

    private final ToldTime clock = new ToldTime();
    private final WindowSlots slots = new WindowSlots(SLOTS);
    private final List<WindowSlots.Slot> inside = new ArrayList<>();

    @Test
    void noMoreThanThatManyGetInUntilOneLeaves() {
        enter(SLOTS + 3);
        assertThat(inside).hasSize(SLOTS);
        inside.get(0).leave();
        inside.get(0).leave(); // once is enough
        assertThat(inside).hasSize(SLOTS + 1);
    }

    @Test
    void whoAwaitsAnAnswerForLongLetsTheNextOneIn() {
        enter(SLOTS + 2);
        inside.get(0).reading();
        clock.pass(WindowSlots.PATIENCE);
        assertThat(inside).hasSize(SLOTS + 1);
    }

    @Test
    void whoLeavesInTheMomentInWhichItWouldLetTheNextOneInDoesSoOnce() {
        enter(SLOTS + 3);
        clock.after(WindowSlots.PATIENCE, inside.get(0)::leave);
        inside.get(0).reading();
        clock.pass(WindowSlots.PATIENCE);
        assertThat(inside).hasSize(SLOTS + 1);
    }

    @Test
    void anAnswerInTimeKeepsTheSlot() {
        enter(SLOTS + 1);
        inside.get(0).reading();
        inside.get(0).read();
        clock.pass(WindowSlots.PATIENCE);
        assertThat(inside).hasSize(SLOTS);
    }

    @Test
    void whatCameLateWaitsForRoomBeforeThoseWhoHaveNotAsked() {
        enter(SLOTS + 2);
        inside.get(0).reading();
        clock.pass(WindowSlots.PATIENCE);
        Future<Void> late = inside.get(0).read();
        assertThat(late.isComplete()).isFalse();
        inside.get(1).leave();
        assertThat(late.isComplete()).isTrue();
        assertThat(inside).hasSize(SLOTS + 1);
        inside.get(2).leave();
        assertThat(inside).hasSize(SLOTS + 2);
    }

    @Test
    void whatCameLateAndLeavesInsteadIsNotWaitedFor() {
        enter(SLOTS + 2);
        inside.get(0).reading();
        clock.pass(WindowSlots.PATIENCE);
        inside.get(0).read();
        inside.get(0).leave();
        inside.get(1).leave();
        assertThat(inside).hasSize(SLOTS + 2);
    }

    @Test
    void answersThatMayAllComeAtOnceAreBounded() {
        enter(2 * WindowSlots.LENT + SLOTS);
        for (int i = 0; i < inside.size(); i++) {
            inside.get(i).reading();
            clock.pass(WindowSlots.PATIENCE);
        }
        assertThat(inside).hasSize(WindowSlots.LENT + SLOTS);
        inside.get(0).leave(); // was lent: another one may wait without a slot
        clock.pass(WindowSlots.PATIENCE);
        assertThat(inside).hasSize(WindowSlots.LENT + SLOTS + 1);
    }

    @Test
    void nothingRingsForALaneThatIsOver() {
        enter(2 * WindowSlots.LENT + SLOTS);
        for (int i = 0; i < inside.size(); i++) {
            inside.get(i).reading();
            clock.pass(WindowSlots.PATIENCE);
        }
        slots.close(); // whoever awaits an answer is stopped, and does not leave
        clock.pass(WindowSlots.PATIENCE);
        assertThat(clock.timers()).isZero();
    }

    @Test
    void pollsThatAwaitASlowUpstreamHoldUpNoHistory() {
        for (int i = 0; i < WindowSlots.LENT + SLOTS; i++) {
            slots.take(clock).reading();
        }
        clock.pass(WindowSlots.PATIENCE);
        enter(1);
        assertThat(inside).hasSize(1);
    }

    @Test
    void theHotEndsAnswerNeverWaits() {
        WindowSlots.Slot hot = slots.take(clock);
        hot.reading();
        clock.pass(WindowSlots.PATIENCE);
        enter(SLOTS + 1);
        assertThat(hot.read().isComplete()).isTrue();
        inside.get(0).leave(); // one more than the bound was in: this makes no room
        assertThat(inside).hasSize(SLOTS);
    }

    @Test
    void theHotEndNeverWaitsButCounts() {
        List<WindowSlots.Slot> hot = new ArrayList<>();
        for (int i = 0; i <= SLOTS; i++) {
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
    void whoIsAwayLetsOthersGoFirstAndKeepsItsPlace() {
        List<WindowSlots.Slot> first = new ArrayList<>();
        List<WindowSlots.Slot> second = new ArrayList<>();
        enter(SLOTS);
        WindowSlots.Place place = slots.enter(clock, first::add);
        slots.enter(clock, second::add);
        slots.enter(clock, second::add);
        place.away();
        inside.get(0).leave();
        assertThat(first).isEmpty();
        assertThat(second).hasSize(1);
        place.back();
        assertThat(place.waits()).isTrue();
        inside.get(1).leave();
        assertThat(first).hasSize(1);
        assertThat(second).hasSize(1);
        assertThat(place.waits()).isFalse();
    }

    @Test
    void whatNobodyWaitsForIsSpare() {
        enter(SLOTS - 1);
        assertThat(slots.spare(clock)).isPresent();
        assertThat(slots.spare(clock)).isEmpty();
        enter(1);
        inside.get(0).leave();
        assertThat(slots.spare(clock)).isEmpty();
    }

    @Test
    void nobodyGetsInAfterTheEnd() {
        enter(SLOTS + 1);
        slots.close();
        inside.get(0).leave();
        enter(1);
        assertThat(inside).hasSize(SLOTS);
    }

    private void enter(int many) {
        for (int i = 0; i < many; i++) {
            slots.enter(clock, inside::add);
        }
    }
}
