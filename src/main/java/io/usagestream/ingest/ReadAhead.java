package io.usagestream.ingest;

import io.usagestream.plan.Agenda;
import io.usagestream.plan.Task;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The window that is read while the one before it is admitted and committed: one at most, and only while the lane has room that
 * nobody waits for. Nothing of it is looked at before that commit has succeeded; if it fails, the loop ends and this with it. When
 * the window before came to something else than was thought, what was read ahead is thrown away.
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

    /** Sends the first request for what follows, if there is room. */
    void begin(Optional<Task> following) {
        if (following.isPresent() && begun.isEmpty()) {
            Task task = following.get();
            begun = slots.spare(ticker).map(slot -> {
                told.accept(task);
                return new Begun(task, slot, reader.begin(task, slot));
            });
        }
    }

    /** Hands over what the agenda names next. */
    Optional<Begun> take(Agenda agenda) {
        Optional<Begun> taken = begun.filter(ahead -> agenda.stands(ahead.task()));
        if (taken.isEmpty()) {
            stop();
        }
        begun = Optional.empty();
        return taken;
    }

    void stop() {
        begun.ifPresent(ahead -> ahead.slot().leave());
        begun = Optional.empty();
    }
}
