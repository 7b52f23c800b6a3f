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
 * @param host the address to listen on: loopback, but in a container
 * @param port 0: any free one
 * @param faults what goes wrong from the start; those of the ledger cannot come later
 */
public record UpstreamSettings(
        String host, int port, LedgerSettings ledger, Set<Fault> faults, Money money, StudioOptions studio) {
    private static final String LOOPBACK = "127.0.0.1";

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
        return new UpstreamSettings(LOOPBACK, 0, ledger, Set.of(), Money.TEXT, StudioOptions.DEFAULT);
    }

    public UpstreamSettings onHost(String address) {
        return new UpstreamSettings(address, port, ledger, faults, money, studio);
    }

    public UpstreamSettings onPort(int number) {
        return new UpstreamSettings(host, number, ledger, faults, money, studio);
    }

    public UpstreamSettings with(LedgerSettings other) {
        return new UpstreamSettings(host, port, other, faults, money, studio);
    }

    public UpstreamSettings with(Set<Fault> more) {
        return new UpstreamSettings(host, port, ledger, more, money, studio);
    }

    public UpstreamSettings with(Money other) {
        return new UpstreamSettings(host, port, ledger, faults, other, studio);
    }

    public UpstreamSettings with(StudioOptions other) {
        return new UpstreamSettings(host, port, ledger, faults, money, other);
    }
}
