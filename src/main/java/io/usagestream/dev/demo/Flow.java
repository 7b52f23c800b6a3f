package io.usagestream.dev.demo;

import io.usagestream.dedup.Admitted;
import io.usagestream.ingest.Observer;
import io.usagestream.ingest.SplitStatus;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Split;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What flows, counted by split: what the live table shows. */
final class Flow implements Observer {
    /** The counts of one split so far. */
    static final class Counts {
        long requests;
        long fresh;
        long revised;
        long retracted;
        long quarantined;
        Optional<SplitStatus> status = Optional.empty();

        /** Age of the last complete read of the hot end. */
        Optional<Duration> lag(Instant now) {
            return status.flatMap(SplitStatus::hotReadAt).map(at -> Duration.between(at, now));
        }
    }

    private final Map<Split, Counts> counts = new TreeMap<>();

    @Override
    public synchronized void page(Split split, Optional<Reason> failure, Duration took) {
        of(split).requests++;
    }

    @Override
    public synchronized void admitted(Split split, Admitted admitted) {
        Counts now = of(split);
        now.fresh += admitted.fresh();
        now.revised += admitted.revised();
        now.retracted += admitted.retracted();
        now.quarantined += admitted.quarantined();
    }

    @Override
    public synchronized void split(SplitStatus status) {
        of(status.split()).status = Optional.of(status);
    }

    /** The counts by split, in the order of their names; to be looked at, not kept. */
    synchronized Map<Split, Counts> counts() {
        return new TreeMap<>(counts);
    }

    private Counts of(Split split) {
        return counts.computeIfAbsent(split, s -> new Counts());
    }
}
