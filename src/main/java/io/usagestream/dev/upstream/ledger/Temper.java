package io.usagestream.dev.upstream.ledger;

/** How much an account's past changes. */
public enum Temper {
    /** Usage shows at once and stays as it is: what was read is true for ever. */
    CALM,
    /** Usage shows late, is restated, moved and withdrawn: within 41 hours of its time, costs and their corrections within 5 days. */
    RESTLESS,
    /** As restless; and one piece of usage in two hundred is restated 3 to 20 days later, beyond every default lookback. */
    ANCIENT
}
