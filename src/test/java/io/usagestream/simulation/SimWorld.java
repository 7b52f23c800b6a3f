package io.usagestream.simulation;

import java.time.Instant;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** Virtual time: one queue of tasks, run one after the other. The true time, whatever any clock says. */
final class SimWorld {
    private record Entry(long at, long number, Runnable task) implements Comparable<Entry> {
        @Override
        public int compareTo(Entry other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    private final PriorityQueue<Entry> queue = new PriorityQueue<>();
    private long now;
    private long numbers;
    private @Nullable Throwable broken;

    SimWorld(Instant now) {
        this.now = now.toEpochMilli();
    }

    long millis() {
        return now;
    }

    Instant now() {
        return Instant.ofEpochMilli(now);
    }

    void in(long millis, Runnable task) {
        queue.add(new Entry(now + Math.max(0, millis), numbers++, task));
    }

    /** Notes that something is wrong; the run ends with it. Futures swallow what is thrown in their handlers. */
    void broken(Throwable cause) {
        if (broken == null) {
            broken = cause;
        }
    }

    /** Runs everything until a time. */
    void runUntil(Instant end, long mostTasks) {
        long most = numbers + mostTasks;
        while (!queue.isEmpty() && queue.peek().at <= end.toEpochMilli()) {
            Entry next = queue.poll();
            now = Math.max(now, next.at);
            try {
                next.task.run();
            } catch (Violation | RuntimeException e) {
                broken(e);
            }
            if (broken instanceof Violation violation) {
                throw violation;
            }
            if (broken != null) {
                throw new IllegalStateException(broken);
            }
            if (numbers > most) {
                throw new Violation("the loop spins: " + mostTasks + " tasks before " + end + ", now " + now());
            }
        }
        now = Math.max(now, end.toEpochMilli());
    }
}
