package io.usagestream.source.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.dedup.Admitted;
import io.usagestream.dedup.EntityAdmission;
import io.usagestream.dedup.EventAdmission;
import io.usagestream.dedup.PointAdmission;
import io.usagestream.dedup.SeenIndex;
import io.usagestream.dedup.Standing;
import io.usagestream.dedup.Sweep;
import io.usagestream.dedup.VerifiedSlice;
import io.usagestream.envelope.Envelope;
import io.usagestream.envelope.WireFormat;
import io.usagestream.plan.BucketSweep;
import io.usagestream.plan.Layout;
import io.usagestream.source.Given;
import io.usagestream.stream.Bucket;
import io.usagestream.stream.Digest;
import io.usagestream.stream.Event;
import io.usagestream.stream.LogRow;
import io.usagestream.stream.Page;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Publication.QuarantinedRow;
import io.usagestream.stream.Quarantined;
import io.usagestream.stream.Split;
import io.usagestream.stream.Window;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Admits what was decoded of a spoilt page, as the loop does, and puts it into words: every row that was read is new, unchanged or
 * set aside, whatever is set aside is published, and the same page once more says nothing new.
 */
public final class Admitting {
    private static final Instant BEGAN = Given.DAY.plus(Duration.ofDays(2));
    private static final Envelope ENVELOPE = new Envelope(new WireFormat.SingleObject());
    private static final Layout NO_SERIES = new Layout.Buckets(io.usagestream.stream.Grain.HOUR, 24);

    private Admitting() {}

    /** Buckets: a page whose buckets contradict each other fails its window, and nothing of it counts. */
    public static void buckets(Split split, Page.Buckets page) {
        Page.Buckets last = new Page.Buckets(
                page.upstreamNow(),
                page.grain(),
                page.buckets(),
                page.quarantined(),
                false,
                Optional.empty(),
                page.ignoredGrouping());
        BucketSweep sweep = new BucketSweep(Given.ONE_DAY, NO_SERIES, 24, Optional.empty(), BEGAN);
        if (sweep.accept(last) instanceof BucketSweep.Step.Complete complete) {
            Sweep read = complete.sweep();
            List<Quarantined> quarantined = new ArrayList<>(read.loose());
            int rows = 0;
            for (Bucket bucket : read.buckets()) {
                rows += bucket.rows().size();
                quarantined.addAll(bucket.quarantined());
            }
            check(
                    split,
                    rows,
                    quarantined,
                    index -> PointAdmission.admit(read, index, standing(split), false, Map.of()));
        }
    }

    /** Events and what stood among them. */
    public static void log(Split split, Page.Log page) {
        List<Event> events = new ArrayList<>();
        List<Quarantined> quarantined = new ArrayList<>();
        for (LogRow row : page.rows()) {
            if (row instanceof Event event) {
                events.add(event);
            } else {
                quarantined.add((Quarantined) row);
            }
        }
        events.removeIf(event -> !Given.ONE_DAY.contains(event.time()));
        VerifiedSlice slice = new VerifiedSlice(Given.ONE_DAY, BEGAN, events, quarantined);
        check(
                split,
                events.size(),
                quarantined,
                index -> EventAdmission.admit(slice, index, standing(split), Map.of()));
    }

    /** Entities. */
    public static void entities(Split split, Page.Entities page) {
        long distinct = page.entities().stream()
                .map(entity -> io.usagestream.stream.Ids.entity(split, entity))
                .distinct()
                .count();
        if (distinct == page.entities().size()) {
            check(
                    split,
                    page.entities().size(),
                    page.quarantined(),
                    index -> EntityAdmission.admit(page.entities(), page.quarantined(), index, standing(split)));
        }
    }

    private static void check(
            Split split, int rows, List<Quarantined> quarantined, Function<SeenIndex, Admitted> admission) {
        SeenIndex index = new SeenIndex(LocalDate.EPOCH);
        Admitted admitted = admission.apply(index);
        assertThat(admitted.seen()).as("every row is admitted").isEqualTo(rows + quarantined.size());
        assertThat(admitted.quarantined()).as("and what is bad stays aside").isGreaterThanOrEqualTo(quarantined.size());
        Set<Digest> published = admitted.publications().stream()
                .filter(QuarantinedRow.class::isInstance)
                .map(row -> ((QuarantinedRow) row).row().digest())
                .collect(Collectors.toSet());
        assertThat(published)
                .as("every content that is set aside has its record")
                .containsAll(quarantined.stream().map(Quarantined::digest).collect(Collectors.toSet()));
        for (Publication publication : admitted.publications()) {
            assertThat(ENVELOPE.encode(publication).value())
                    .as("it can be said")
                    .isNotEmpty();
        }
        admitted.rows().forEach(row -> index.day(Window.dayOf(row.time())).put(row));
        admitted.marks().forEach(mark -> index.day(Window.dayOf(mark.time())).mark(mark));
        assertThat(admission.apply(index).publications())
                .as("the same once more is no news")
                .isEmpty();
    }

    private static Standing standing(Split split) {
        return new Standing(split, BEGAN, Given.DAY, day -> false);
    }
}
