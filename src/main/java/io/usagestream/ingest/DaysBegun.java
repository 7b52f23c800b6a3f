package io.usagestream.ingest;

import io.usagestream.dedup.SeenIndex;
import io.usagestream.dedup.SeenMark;
import io.usagestream.plan.Task;
import io.usagestream.stream.Window;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The day that a piece of work has read in part, because its windows end within it, with the quarantined rows that upstream showed:
 * below the floor they are remembered nowhere else, and the day's period counts them all.
 */
final class DaysBegun {
    private record Begun(Instant until, List<SeenMark> live) {}

    private final Map<String, Begun> byRequest = new HashMap<>();

    /** What a piece of work has read of the days of a task's window, once that is read, too. */
    Optional<Window> read(Task task) {
        Window window = task.window();
        return task.request()
                .map(id -> new Window(isOf(task) ? startOfDay(window.from()) : window.from(), window.to()));
    }

    /** Marks a day that was brought in with what was read of it before a task's window. */
    void mark(Task task, LocalDate day, SeenIndex index) {
        if (day.equals(Window.dayOf(task.window().from()))) {
            begun(task).ifPresent(begun -> begun.live().forEach(index.bring(day)::mark));
        }
    }

    /** Whether what lies before a task's window was read of its first day. */
    boolean isOf(Task task) {
        return begun(task).isPresent();
    }

    /** A task's window is committed. */
    void committed(Task task, SeenIndex index) {
        task.request().ifPresent(id -> {
            boolean whole = read(task).filter(this::beginsADay).isPresent();
            Instant to = task.window().to();
            byRequest.remove(id);
            if (whole && !to.equals(startOfDay(to))) {
                byRequest.put(id, new Begun(to, live(index, Window.dayOf(to))));
            }
        });
    }

    /** A piece of work is over. */
    void drop(String request) {
        byRequest.remove(request);
    }

    private boolean beginsADay(Window read) {
        LocalDate last = Window.dayOf(read.to());
        return !read.from().isAfter(Window.startOf(last));
    }

    private Optional<Begun> begun(Task task) {
        Instant from = task.window().from();
        return task.request()
                .map(byRequest::get)
                .filter(begun ->
                        !from.isAfter(begun.until()) && startOfDay(from).equals(startOfDay(begun.until())));
    }

    private static List<SeenMark> live(SeenIndex index, LocalDate day) {
        return index.peek(day)
                .map(held -> held.marks().stream().filter(SeenMark::live).toList())
                .orElseGet(List::of);
    }

    private static Instant startOfDay(Instant time) {
        return Window.startOf(Window.dayOf(time));
    }
}
