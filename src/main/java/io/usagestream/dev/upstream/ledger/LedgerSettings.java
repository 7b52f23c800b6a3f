package io.usagestream.dev.upstream.ledger;

import java.time.Instant;
import java.util.Optional;

/**
 * What a ledger is a pure function of, beside time.
 *
 * @param seed same seed, same usage
 * @param accounts how many accounts there are, numbered from 1
 * @param pace how busy they are, in percent: at 100 an account has some 108 pieces of OpenAI usage and 40 Scenario events an hour
 * @param rush from when on they are busier than that
 * @param temper how much the past changes
 * @param novelties whether words occur that no documentation lists: actions, models
 */
public record LedgerSettings(long seed, int accounts, int pace, Optional<Rush> rush, Temper temper, boolean novelties) {
    /** A busier time: a demo wants a modest past and a lively present. */
    public record Rush(Instant from, int pace) {}

    public LedgerSettings {
        if (accounts < 1) {
            throw new IllegalArgumentException("at least one account, not " + accounts);
        }
    }

    public static LedgerSettings of(long seed, int accounts) {
        return new LedgerSettings(seed, accounts, 100, Optional.empty(), Temper.RESTLESS, false);
    }

    public LedgerSettings withSeed(long other) {
        return new LedgerSettings(other, accounts, pace, rush, temper, novelties);
    }

    public LedgerSettings withAccounts(int count) {
        return new LedgerSettings(seed, count, pace, rush, temper, novelties);
    }

    public LedgerSettings withTemper(Temper other) {
        return new LedgerSettings(seed, accounts, pace, rush, other, novelties);
    }

    public LedgerSettings withPace(int percent) {
        return new LedgerSettings(seed, accounts, percent, rush, temper, novelties);
    }

    public LedgerSettings withRush(Instant from, int percent) {
        return new LedgerSettings(seed, accounts, pace, Optional.of(new Rush(from, percent)), temper, novelties);
    }

    public LedgerSettings withNovelties() {
        return new LedgerSettings(seed, accounts, pace, rush, temper, true);
    }
}
