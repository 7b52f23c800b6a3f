package io.usagestream.ingest;

import io.usagestream.plan.Gate;
import io.usagestream.source.SourceSettings;
import io.usagestream.source.Upstream;
import io.usagestream.stream.Page;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What the streams of one source share: the account, its gate, and what is known of its clock and its page size. */
public final class SourceContext {
    /** Skew above which upstream's clock counts too. */
    static final Duration TOLERATED_SKEW = Duration.ofMinutes(5);

    private final SourceSettings settings;
    private final Upstream upstream;
    private final Gate gate;
    private Duration skew = Duration.ZERO;
    private int pageSize;

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

    /** Upstream's clock less ours, as of the last response. */
    public Duration skew() {
        return skew;
    }

    void answered(Page page, Instant now) {
        page.upstreamNow().ifPresent(theirs -> skew = Duration.between(now, theirs));
    }

    /** Now, as windows are computed: the earlier of the two clocks when they differ by more than what is tolerated. */
    Instant now(Instant local) {
        boolean behind = skew.isNegative() && skew.negated().compareTo(TOLERATED_SKEW) > 0;
        return behind ? local.plus(skew) : local;
    }

    /** The largest page of an offset log that this source ever sent; 0 when none is known. */
    int pageSize() {
        return pageSize;
    }

    void learned(int size) {
        pageSize = Math.max(pageSize, size);
    }

    Optional<Gate.Wait> waiting(Instant now) {
        return gate.waiting(now);
    }
}
