package io.usagestream.ingest;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Lets the requests of one source go one by one while upstream answers quickly, so that what one answer teaches the next request
 * heeds: a key that was revoked is shown to upstream twice and not by every stream at once, and one 429 is enough. One that is slow
 * holds nobody up: the next goes after {@link #PATIENCE}, whatever became of the one before.
 */
final class Turnstile {
    static final Duration PATIENCE = Duration.ofSeconds(1);

    /** The right to send; given back once, by leaving or by being slow. */
    final class Pass {
        private final Ticker ticker;
        private Optional<Ticker.Timer> patience = Optional.empty();

        private Pass(Ticker ticker) {
            this.ticker = ticker;
        }

        /** Lets the next one go. */
        void leave() {
            patience.ifPresent(Ticker.Timer::cancel);
            if (inside.filter(pass -> pass == this).isPresent()) {
                inside = Optional.empty();
                Optional.ofNullable(waiting.poll()).ifPresent(Runnable::run);
            }
        }

        private void enter() {
            inside = Optional.of(this);
            patience = Optional.of(ticker.after(PATIENCE, this::leave));
        }
    }

    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private Optional<Pass> inside = Optional.empty();

    /** Runs it when it is its turn, at once if nobody is inside. */
    void enter(Ticker ticker, Consumer<Pass> go) {
        Runnable turn = () -> {
            Pass pass = new Pass(ticker);
            pass.enter();
            go.accept(pass);
        };
        if (inside.isPresent()) {
            waiting.add(turn);
        } else {
            turn.run();
        }
    }
}
