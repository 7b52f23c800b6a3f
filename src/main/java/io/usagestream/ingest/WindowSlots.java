package io.usagestream.ingest;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Bounds how many windows of a lane are in memory between their reading and their commit: however many splits catch up, memory
 * holds a few windows and not one of each. The hot end is small and never waits, but counts.
 *
 * <p>While an answer is awaited there is nothing in memory yet: a read that takes longer than {@link #PATIENCE} gives its slot to
 * the next one until it is through, so that a slow upstream holds nobody up.
 */
final class WindowSlots {
    /** Windows in memory from which on further ones wait: what one transaction takes, what is read meanwhile, and some to spare. */
    static final int SLOTS = 4;

    static final Duration PATIENCE = Duration.ofMillis(100);

    private final Deque<Place> waiting = new ArrayDeque<>();
    private int taken;
    private boolean closed;

    /** The place of one window, from before it is read until it is committed or given up. */
    final class Slot {
        private final Ticker ticker;
        private boolean counts = true;
        private boolean left;
        private Optional<Ticker.Timer> patience = Optional.empty();

        private Slot(Ticker ticker) {
            this.ticker = ticker;
            taken++;
        }

        /** An answer of upstream is awaited. */
        void reading() {
            patience = Optional.of(ticker.after(PATIENCE, this::lend));
        }

        /** The window is in memory: it counts, even if its slot was lent meanwhile. */
        void read() {
            patience.ifPresent(Ticker.Timer::cancel);
            patience = Optional.empty();
            if (!counts && !left) {
                counts = true;
                taken++;
            }
        }

        /** The window is not needed any more. */
        void leave() {
            patience.ifPresent(Ticker.Timer::cancel);
            if (!left) {
                left = true;
                giveBack();
            }
        }

        private void lend() {
            patience = Optional.empty();
            if (!left) {
                giveBack();
            }
        }

        private void giveBack() {
            if (counts) {
                counts = false;
                taken--;
                next();
            }
        }
    }

    /** A place in the queue of those that wait for a slot. */
    final class Place {
        private final Ticker ticker;
        private final Consumer<Slot> go;
        private boolean away;
        private boolean over;

        private Place(Ticker ticker, Consumer<Slot> go) {
            this.ticker = ticker;
            this.go = go;
        }

        boolean waits() {
            return !over;
        }

        /** Lets others go first, but keeps its place: its split reads its hot end meanwhile. */
        void away() {
            away = true;
        }

        /** Waits again, and goes at once if there is a slot. */
        void back() {
            away = false;
            next();
        }

        private void enter() {
            over = true;
            go.accept(new Slot(ticker));
        }
    }

    /** Takes a slot at once, if need be beyond the bound. */
    Slot take(Ticker ticker) {
        return new Slot(ticker);
    }

    /** Takes a slot that nobody waits for. */
    Optional<Slot> spare(Ticker ticker) {
        return !closed && taken < SLOTS && waiting.isEmpty() ? Optional.of(new Slot(ticker)) : Optional.empty();
    }

    /** Takes a slot when there is one, in the order of asking. */
    Place enter(Ticker ticker, Consumer<Slot> go) {
        Place place = new Place(ticker, go);
        waiting.add(place);
        next();
        return place;
    }

    /** Lets nobody in any more. */
    void close() {
        closed = true;
        waiting.clear();
    }

    private void next() {
        while (!closed && taken < SLOTS) {
            Optional<Place> first =
                    waiting.stream().filter(place -> !place.away).findFirst();
            if (first.isEmpty()) {
                return;
            }
            waiting.remove(first.get());
            first.get().enter();
        }
    }
}
