package io.usagestream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.source.Failure;
import io.usagestream.source.UpstreamException;
import io.usagestream.stream.Page;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Window;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A lane of hundreds of accounts always has some that may not ask: they hold up nobody else. */
class ClosedGatesTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:30:00Z");
    private static final Instant START = Instant.parse("2026-06-01T00:00:00Z");
    private static final int OTHERS = 40;

    private final ToldTime time = new ToldTime(NOW);
    private final WindowSlots slots = new WindowSlots(4);
    private final List<Window> asked = new ArrayList<>();

    @Test
    void revoked_keys_hold_up_no_other_accounts_history() {
        for (int i = 0; i < OTHERS; i++) {
            start(6_000, window -> refused());
        }
        requireHistory();
    }

    @Test
    void spent_budgets_hold_up_no_other_accounts_history() {
        for (int i = 0; i < OTHERS; i++) {
            start(1, window -> Future.succeededFuture(OneStream.empty(window)));
        }
        requireHistory();
    }

    @Test
    void thousands_that_waited_for_room_and_have_no_use_for_it_any_more_hand_it_on() {
        List<WindowSlots.Slot> room =
                Stream.generate(() -> slots.take(time)).limit(4).toList();
        List<SourceContext> others = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            others.add(start(6_000, window -> Future.succeededFuture(OneStream.empty(window))));
        }
        time.pass(Duration.ofSeconds(1));
        others.forEach(source -> source.halt(Reason.AUTH_REJECTED, time.now(), 0));
        room.forEach(WindowSlots.Slot::leave);
        requireHistory();
    }

    private void requireHistory() {
        time.pass(Duration.ofMinutes(5));
        start(6_000, window -> {
            asked.add(window);
            return Future.succeededFuture(OneStream.empty(window));
        });
        time.pass(Duration.ofMinutes(1));
        assertThat(asked)
                .anySatisfy(window -> assertThat(window.from()).isEqualTo(START))
                .anySatisfy(window -> assertThat(window.to()).isAfter(START.plus(Duration.ofDays(100))));
    }

    private static Future<Page> refused() {
        return Future.failedFuture(
                new UpstreamException(new Failure.Rejected(Reason.AUTH_REJECTED, "401", Optional.empty())));
    }

    private SourceContext start(int perMinute, Function<Window, Future<Page>> answer) {
        SourceContext source = OneStream.answering(START, time.now(), perMinute, answer);
        SplitMemory memory = SplitMemory.fresh(source.settings().streams().get(0), NOW);
        new SplitLoop(memory, source, new KeepingLane(slots), time, new Observer() {}).start(Duration.ZERO);
        return source;
    }
}
