package io.usagestream.ingest;

import io.usagestream.dedup.Admitted;
import io.usagestream.dedup.EntityAdmission;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Publication.EventRevision;
import io.usagestream.stream.Publication.PointRevision;
import io.usagestream.stream.Quarantined;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What is noticed about a window before it is committed: records that no log would take, and changes later than upstream promised. */
final class WindowReview {
    /** Restated rows of one window from which on upstream is said to rewrite history: so many, and more than one in so many. */
    private static final int BULK_ROWS = 50;

    private static final int BULK_SHARE = 5;

    private final SplitMemory memory;
    private final LaneCommits lane;

    WindowReview(SplitMemory memory, LaneCommits lane) {
        this.memory = memory;
        this.lane = lane;
    }

    /** A record that the log would not take is quarantined by its digest: a commit that holds it would be refused whole, for ever. */
    void setAsideWhatDoesNotFit(Verdict verdict, Window read) {
        // what has no time is remembered on one day, whenever it was read
        Window window = memory.hasPeriods() ? read : Window.of(EntityAdmission.DAY);
        List<Publication> tooLarge = verdict.admitted().publications().stream()
                .filter(publication -> !lane.fits(publication))
                .toList();
        for (Publication publication : tooLarge) {
            Recall.row(publication).ifPresent(row -> {
                Quarantined instead = new Quarantined(
                        Reason.RECORD_TOO_LARGE,
                        "the record would be larger than the log takes",
                        "",
                        Optional.empty(),
                        row.key().plus(row.content()),
                        Optional.of(row.time()));
                verdict.admitted()
                        .setAside(row.key(), publication, instead, window, memory.index(), verdict.standing());
            });
        }
    }

    /**
     * Counts how old what changed was: the lookback, a promise about upstream, is checked by measuring.
     *
     * @return how many were older than the lookback
     */
    int countAges(Verdict verdict) {
        Instant frontier = memory.horizon().frontier();
        int late = 0;
        for (Publication publication : verdict.admitted().publications()) {
            Instant end = Instant.MAX; // of what is read for the first time, as all of history is
            if (publication instanceof PointRevision point && point.start().isBefore(frontier)) {
                end = point.start().plus(point.grain().width());
            } else if (publication instanceof EventRevision event
                    && event.event().time().isBefore(frontier)) {
                // an event takes no time, but a read up to its time has not seen it
                end = event.event().time().plusNanos(1);
            }
            if (end.isAfter(memory.start()) && !end.isAfter(frontier)) {
                Duration age = Duration.between(end, verdict.complete().began());
                memory.ages().add(age);
                late += age.compareTo(memory.settings().lookback()) > 0 ? 1 : 0;
            }
        }
        return late;
    }

    /** Whether upstream rewrites what had been final. */
    static boolean inBulk(Admitted admitted) {
        return admitted.restated() >= BULK_ROWS && admitted.restated() * BULK_SHARE > admitted.seen();
    }
}
