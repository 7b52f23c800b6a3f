package io.usagestream.ingest;

import io.usagestream.dedup.Admitted;
import io.usagestream.dedup.EntityAdmission;
import io.usagestream.dedup.EventAdmission;
import io.usagestream.dedup.PointAdmission;
import io.usagestream.dedup.SeenIndex;
import io.usagestream.dedup.Standing;
import io.usagestream.dedup.Sweep;
import io.usagestream.dedup.VerifiedSlice;
import io.usagestream.source.StreamSettings;
import io.usagestream.stream.Event;
import io.usagestream.stream.Page;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Quarantined;
import io.usagestream.stream.Window;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the rows of one page would be published as, if nothing had been published before. */
public final class DryRun {
    private DryRun() {}

    /**
     * The publications, in order.
     *
     * @param window what was asked for
     * @param began when
     */
    public static List<Publication> of(StreamSettings stream, Window window, Page page, Instant began) {
        SeenIndex nothing = new SeenIndex(EntityAdmission.DAY);
        Standing standing = new Standing(stream.split(), began, window.from(), day -> false);
        return admit(stream, window, page, nothing, standing).publications();
    }

    private static Admitted admit(
            StreamSettings stream, Window window, Page page, SeenIndex nothing, Standing standing) {
        if (page instanceof Page.Buckets buckets) {
            Sweep sweep = new Sweep(
                    window,
                    standing.observedAt(),
                    buckets.grain(),
                    buckets.buckets(),
                    buckets.quarantined(),
                    Set.of(),
                    true,
                    0,
                    buckets.ignoredGrouping());
            return PointAdmission.admit(sweep, nothing, standing, stream.publishZeroPoints(), Map.of());
        } else if (page instanceof Page.Log log) {
            List<Event> events = new ArrayList<>();
            List<Quarantined> bad = new ArrayList<>();
            log.rows().forEach(row -> {
                if (row instanceof Event event && window.contains(event.time())) {
                    events.add(event);
                } else if (row instanceof Quarantined quarantined) {
                    bad.add(quarantined);
                }
            });
            VerifiedSlice slice = new VerifiedSlice(window, standing.observedAt(), events, bad);
            return EventAdmission.admit(slice, nothing, standing, Map.of());
        }
        Page.Entities entities = (Page.Entities) page;
        return EntityAdmission.admit(entities.entities(), entities.quarantined(), nothing, standing);
    }
}
