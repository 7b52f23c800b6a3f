package io.usagestream.source;

import java.util.Objects;
import java.util.function.Supplier;

/** A credential that cannot print itself. Its value may change while the service runs: it is read anew for every request. */
public final class Secret {
    private final Supplier<String> value;
    private final Runnable refresh;

    private Secret(Supplier<String> value, Runnable refresh) {
        this.value = value;
        this.refresh = refresh;
    }

    /** A credential that never changes. */
    public static Secret of(String value) {
        Objects.requireNonNull(value);
        return new Secret(() -> value, () -> {});
    }

    /**
     * A credential that may change.
     *
     * @param value gives the value that holds now; must not block
     * @param refresh asks for the value to be read again soon, after upstream refused it; must not block
     */
    public static Secret of(Supplier<String> value, Runnable refresh) {
        return new Secret(value, refresh);
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
