package io.usagestream.ingest;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Bounds how many windows of a lane are in memory between their reading and their commit: however many splits catch up, memory
 * holds a few windows and not one of each. The hot end is small and never waits, but counts.
 *
 * <p>While an answer is awaited there is nothing in memory yet: a read that takes longer than {@link #PATIENCE} lends its slot to
 * the next one, so that a slow upstream holds nobody up. When its answer is there it waits for a slot again, before those who have
 * not asked yet. No more than {@link #LENT} windows of history lend theirs at a time: their answers may all come at once.
 */
final class WindowSlots {
    /** Windows that a process holds which has all lanes: each lane has its share, within the bounds below. */
    private static final int ALL = 32;

    /** What a lane holds at least: what one transaction takes, what is read meanwhile, and some to spare. */
    private static final int LEAST = 4;

    /** What it holds at most: more would be copied by every collection, and spare nothing. */
    private static final int MOST = 8;

    /** Windows whose answers are awaited without a slot, at most. */
    static final int LENT = 16;

    static final Duration PATIENCE = Duration.ofMillis(100);

    private final int slots;
    private final Deque<Slot> returning = new ArrayDeque<>();
    private final Deque<Place> waiting = new ArrayDeque<>();
    private int taken;
    private int lent;
    private boolean closed;

    /** @param slots windows in memory from which on further ones wait */
    WindowSlots(int slots) {
        this.slots = slots;
    }

    /** A lane's, where a process may have to run all of so many lanes. */
    static WindowSlots ofOneOf(int lanes) {
        return new WindowSlots(Math.max(LEAST, Math.min(MOST, ALL / lanes)));
    }

    /** The place of one window, from before it is read until it is committed or given up. */
    final class Slot {
        private final Ticker ticker;
        private final boolean hot;
        private boolean counts = true;
        private boolean left;
        private Optional<Ticker.Timer> patience = Optional.empty();
        private Optional<Promise<Void>> back = Optional.empty();

        private Slot(Ticker ticker, boolean hot) {
            this.ticker = ticker;
            this.hot = hot;
            taken++;
        }

        /** An answer of upstream is awaited. */
        void reading() {
            patience = Optional.of(ticker.after(PATIENCE, this::lend));
        }

        /** The answer is there. Completes when the window counts: at once, if its slot was not lent meanwhile. */
        Future<Void> read() {
            patience.ifPresent(Ticker.Timer::cancel);
            patience = Optional.empty();
            if (counts || left) {
                return Future.succeededFuture();
            }
            Promise<Void> promise = Promise.promise();
            back = Optional.of(promise);
            if (hot) {
                countAgain();
            } else {
                returning.add(this);
                next();
            }
            return promise.future();
        }

        /** The window is not needed any more. */
        void leave() {
            patience.ifPresent(Ticker.Timer::cancel);
            if (!left) {
                left = true;
                returning.remove(this);
                if (counts) {
                    giveBack();
                } else {
                    unlent();
                }
            }
        }

        private void lend() {
            patience = Optional.empty();
            // in the moment in which the timer rang; or the lane is over, and nobody leaves any more
            if (left || closed) {
                return;
            }
            if (hot) {
                giveBack();
            } else if (lent < LENT) {
                lent++;
                giveBack();
            } else {
                reading();
            }
        }

        private void unlent() {
            if (!hot) {
                lent--;
            }
        }

        private void giveBack() {
            counts = false;
            taken--;
            next();
        }

        private void countAgain() {
            unlent();
            counts = true;
            taken++;
            Promise<Void> waited = back.orElseThrow();
            back = Optional.empty();
            waited.complete();
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
            go.accept(new Slot(ticker, false));
        }
    }

    /** Windows in memory. */
    int taken() {
        return taken;
    }

    /** Takes a slot at once, if need be beyond the bound. */
    Slot take(Ticker ticker) {
        return new Slot(ticker, true);
    }

    /** Takes a slot that nobody waits for. */
    Optional<Slot> spare(Ticker ticker) {
        boolean spare = !closed && taken < slots && waiting.isEmpty() && returning.isEmpty();
        return spare ? Optional.of(new Slot(ticker, false)) : Optional.empty();
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
        returning.clear();
        waiting.clear();
    }

    private void next() {
        while (!closed && taken < slots) {
            if (!returning.isEmpty()) {
                returning.remove().countAgain();
                continue;
            }
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
