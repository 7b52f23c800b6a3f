package io.usagestream.ingest;

import io.usagestream.plan.Agenda;
import io.usagestream.plan.Horizon;
import io.usagestream.plan.Task;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The window that is read while the one before it is composed and committed: one at most, and only while the lane has room that
 * nobody waits for. Nothing of it is looked at before that commit has succeeded; if it fails, the loop ends and this with it.
 */
final class ReadAhead {
    /** A window on its way. */
    record Begun(Task task, WindowSlots.Slot slot, TaskReader.Reading reading) {}

    private final TaskReader reader;
    private final WindowSlots slots;
    private final Ticker ticker;
    private final Consumer<Task> told;
    private Optional<Begun> begun = Optional.empty();

    /** @param told hears of a window before its first request is sent */
    ReadAhead(TaskReader reader, WindowSlots slots, Ticker ticker, Consumer<Task> told) {
        this.reader = reader;
        this.slots = slots;
        this.ticker = ticker;
        this.told = told;
    }

    /**
     * Sends the first request for what the agenda names next, if that is due.
     *
     * @param horizon the horizon after the commit that is to come
     */
    void begin(Agenda agenda, Instant now, Horizon horizon) {
        Optional<WindowSlots.Slot> spare = slots.spare(ticker);
        if (begun.isPresent() || spare.isEmpty()) {
            return;
        }
        WindowSlots.Slot slot = spare.get();
        if (agenda.next(now, horizon) instanceof Agenda.Next.Read read) {
            told.accept(read.task());
            begun = Optional.of(new Begun(read.task(), slot, reader.begin(read.task(), slot)));
        } else {
            slot.leave();
        }
    }

    /** Whether a window is on its way. */
    boolean isUnderWay() {
        return begun.isPresent();
    }

    /** Hands it over. */
    Begun take() {
        Begun taken = begun.orElseThrow();
        begun = Optional.empty();
        return taken;
    }

    void stop() {
        begun.ifPresent(ahead -> ahead.slot().leave());
        begun = Optional.empty();
    }
}
