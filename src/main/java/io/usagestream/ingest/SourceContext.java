package io.usagestream.ingest;

import io.usagestream.plan.Gate;
import io.usagestream.source.Clocks;
import io.usagestream.source.Secret;
import io.usagestream.source.SourceSettings;
import io.usagestream.source.Upstream;
import io.usagestream.stream.Page;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Split;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;

/** What the streams of one source share: the account, its gate, and what is known of its clock and its page size. */
public final class SourceContext {
    private static final Duration LOOK = Duration.ofSeconds(2);

    private final SourceSettings settings;
    private final Upstream upstream;
    private final Gate gate;
    private final Turnstile turnstile = new Turnstile();
    private Duration skew = Duration.ZERO;
    private int pageSize;
    private int refused;
    private long received;

    public SourceContext(SourceSettings settings, Upstream upstream, Gate gate) {
        this.settings = settings;
        this.upstream = upstream;
        this.gate = gate;
    }

    public SourceSettings settings() {
        return settings;
    }

    public Upstream upstream() {
        return upstream;
    }

    public Gate gate() {
        return gate;
    }

    Turnstile turnstile() {
        return turnstile;
    }

    /** Upstream's clock less ours, as of the last response. */
    public Duration skew() {
        return skew;
    }

    /** Lets one request through and returns zero, or returns how long to wait. A replaced credential opens a gate that was shut for it. */
    Duration permit(boolean hotEnd, Instant now) {
        heedCredentials();
        return gate.permit(hotEnd, now);
    }

    /** How long a request would have to wait, for whoever must not wait in front of the gate; lets none through. */
    Duration pause(boolean hotEnd, Instant now) {
        heedCredentials();
        return gate.pause(hotEnd, now);
    }

    private void heedCredentials() {
        if (gate.halted() && credentials() != refused) {
            refused = credentials();
            gate.reopen();
        }
    }

    /** Shuts the gate: a person must act. */
    void halt(Reason reason, Instant now, long random) {
        refused = credentials();
        gate.halt(reason, now, random);
    }

    /** When to look again whether a request may go: soon enough to see that a credential was replaced. */
    Duration nextLook(Duration wait) {
        return gate.halted() && wait.compareTo(LOOK) > 0 ? LOOK : wait;
    }

    /** Tells credentials apart without keeping them. */
    private int credentials() {
        return settings.credentials().values().stream()
                .map(Secret::reveal)
                .toList()
                .hashCode();
    }

    void answered(Page page, Instant now) {
        page.upstreamNow().ifPresent(theirs -> skew = Duration.between(now, theirs));
    }

    /** Now, as windows are computed: the earlier of the two clocks when they differ by more than what is tolerated. */
    Instant now(Instant local) {
        boolean behind = skew.isNegative() && skew.negated().compareTo(Clocks.SKEW) > 0;
        return behind ? local.plus(skew) : local;
    }

    /** Bytes that upstream sent since the last time this was asked. */
    long newlyReceived() {
        long before = received;
        received = upstream.received();
        return received - before;
    }

    /** The largest page of an offset log that this source ever sent; 0 when none is known. */
    int pageSize() {
        return pageSize;
    }

    void learned(int size) {
        pageSize = Math.max(pageSize, size);
    }

    /** What upstream showed of a stream that nobody knew of. */
    SortedMap<String, Long> unknown(Split split) {
        return upstream.drift().of(split.stream());
    }

    Optional<Gate.Wait> waiting(Instant now) {
        return gate.waiting(now);
    }
}
