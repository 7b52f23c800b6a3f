package io.usagestream.source;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** A credential that cannot print itself. Its value may change while the service runs: it is read anew for every request. */
public final class Secret {
    private final Supplier<String> value;
    private final Runnable refresh;
    private final Supplier<CompletionStage<Void>> look;

    private Secret(Supplier<String> value, Runnable refresh, Supplier<CompletionStage<Void>> look) {
        this.value = value;
        this.refresh = refresh;
        this.look = look;
    }

    /** A credential that never changes. */
    public static Secret of(String value) {
        Objects.requireNonNull(value);
        return of(() -> value, () -> {});
    }

    /**
     * A credential that may change.
     *
     * @param value gives the value that holds now; must not block
     * @param refresh asks for the value to be read again soon, after upstream refused it; must not block
     */
    public static Secret of(Supplier<String> value, Runnable refresh) {
        return new Secret(value, refresh, () -> CompletableFuture.completedFuture(null));
    }

    /**
     * A credential that is kept somewhere else.
     *
     * @param look looks there; its stage completes, never with an error, once the value is the one that holds now, or once that
     *     cannot be known soon
     */
    public static Secret of(Supplier<String> value, Runnable refresh, Supplier<CompletionStage<Void>> look) {
        return new Secret(value, refresh, look);
    }

    /** Completes once the value is the one that holds now, as far as that can be known soon; on any thread. */
    public CompletionStage<Void> upToDate() {
        return look.get();
    }

    /** The value, for the one header that carries it. */
    public String reveal() {
        return value.get();
    }

    /** Has the value read again: upstream refused it. */
    public void refresh() {
        refresh.run();
    }

    @Override
    public String toString() {
        return "***";
    }
}
