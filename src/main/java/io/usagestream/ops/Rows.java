package io.usagestream.ops;

import io.usagestream.dedup.Admitted;

/** How many rows came to what: seen rows are new + revised + unchanged + quarantined, exactly. */
public record Rows(long fresh, long revised, long unchanged, long retracted, long quarantined, long restated) {
    public static final Rows NONE = new Rows(0, 0, 0, 0, 0, 0);
    public static final Rows QUARANTINED = new Rows(0, 0, 0, 0, 1, 0);

    public static Rows of(Admitted admitted) {
        return new Rows(
                admitted.fresh(),
                admitted.revised(),
                admitted.unchanged(),
                admitted.retracted(),
                admitted.quarantined(),
                admitted.restated());
    }

    public Rows withoutQuarantined() {
        return new Rows(fresh, revised, unchanged, retracted, 0, restated);
    }

    public Rows plus(Rows other) {
        return new Rows(
                fresh + other.fresh,
                revised + other.revised,
                unchanged + other.unchanged,
                retracted + other.retracted,
                quarantined + other.quarantined,
                restated + other.restated);
    }
}
