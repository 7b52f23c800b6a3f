package io.usagestream.dev.upstream;

import io.usagestream.dev.upstream.fault.Fault;
import io.usagestream.dev.upstream.ledger.LedgerSettings;
import io.usagestream.dev.upstream.ledger.Temper;
import io.usagestream.dev.upstream.openai.Money;
import io.usagestream.dev.upstream.scenario.StudioOptions;
import java.util.Set;

/**
 * What a simulated upstream is to be like.
 *
 * @param port 0: any free one
 * @param faults what goes wrong from the start; those of the ledger cannot come later
 */
public record UpstreamSettings(int port, LedgerSettings ledger, Set<Fault> faults, Money money, StudioOptions studio) {
    public UpstreamSettings {
        faults = Set.copyOf(faults);
        if (faults.contains(Fault.NEW_ENUM_VALUES)) {
            ledger = ledger.withNovelties();
        }
        if (faults.contains(Fault.ANCIENT_CHANGES)) {
            ledger = ledger.withTemper(Temper.ANCIENT);
        }
    }

    /** Any free port, no faults. */
    public static UpstreamSettings of(LedgerSettings ledger) {
        return new UpstreamSettings(0, ledger, Set.of(), Money.TEXT, StudioOptions.DEFAULT);
    }

    public UpstreamSettings onPort(int number) {
        return new UpstreamSettings(number, ledger, faults, money, studio);
    }

    public UpstreamSettings with(LedgerSettings other) {
        return new UpstreamSettings(port, other, faults, money, studio);
    }

    public UpstreamSettings with(Set<Fault> more) {
        return new UpstreamSettings(port, ledger, more, money, studio);
    }

    public UpstreamSettings with(Money other) {
        return new UpstreamSettings(port, ledger, faults, other, studio);
    }

    public UpstreamSettings with(StudioOptions other) {
        return new UpstreamSettings(port, ledger, faults, money, other);
    }
}
