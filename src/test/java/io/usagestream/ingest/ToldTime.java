package io.usagestream.ingest;

import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Time that passes when it is told to; what is due is run before anything is returned. */
final class ToldTime implements Ticker {
    /** What is spread comes that many milliseconds later. */
    private static final long SPREAD = 40_000;

    private final TreeMap<Instant, List<Runnable>> timers = new TreeMap<>();
    private final Deque<Runnable> soon = new ArrayDeque<>();
    private Instant now;

    ToldTime() {
        this(Instant.EPOCH);
    }

    ToldTime(Instant now) {
        this.now = now;
    }

    void pass(Duration time) {
        Instant to = now.plus(time);
        settle();
        while (!timers.isEmpty() && !timers.firstKey().isAfter(to)) {
            now = timers.firstKey();
            List.copyOf(timers.pollFirstEntry().getValue()).forEach(Runnable::run);
            settle();
        }
        now = to;
    }

    /** How many timers would still ring. */
    int timers() {
        return timers.values().stream().mapToInt(List::size).sum();
    }

    private void settle() {
        while (!soon.isEmpty()) {
            soon.remove().run();
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
        soon.add(task);
    }

    @Override
    public <T> Future<T> aside(int rows, Supplier<T> work) {
        return Future.<Void>succeededFuture().map(v -> work.get());
    }

    @Override
    public long random() {
        return SPREAD;
    }
}
