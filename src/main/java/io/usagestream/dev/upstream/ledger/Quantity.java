package io.usagestream.dev.upstream.ledger;

import java.math.BigDecimal;

/** An exact number with its unit: {@code tokens}, {@code usd}, {@code cu} …, or {@code unknown}. */
public record Quantity(BigDecimal amount, String unit) {
    /** Without trailing zeros, so that equal numbers are equal. */
    public Quantity {
        amount = amount.signum() == 0 ? BigDecimal.ZERO : amount.stripTrailingZeros();
    }

    static Quantity of(long amount, String unit) {
        return new Quantity(BigDecimal.valueOf(amount), unit);
    }

    public boolean isZero() {
        return amount.signum() == 0;
    }
}
