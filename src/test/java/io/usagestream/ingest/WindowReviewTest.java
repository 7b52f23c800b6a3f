package io.usagestream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.dedup.Admitted;
import io.usagestream.dedup.PointAdmission;
import io.usagestream.dedup.Standing;
import io.usagestream.dedup.Sweep;
import io.usagestream.stream.Bucket;
import io.usagestream.stream.ByName;
import io.usagestream.stream.Grain;
import io.usagestream.stream.Measure;
import io.usagestream.stream.Measures;
import io.usagestream.stream.Point;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Publication.PointRevision;
import io.usagestream.stream.Window;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Records that no log would take. */
class WindowReviewTest {
    private static final LocalDate DAY = LocalDate.of(2026, 11, 19);
    private static final Window WINDOW = Window.of(DAY);

    private final SplitMemory memory =
            SplitMemory.fresh(OneStream.source(WINDOW.from()).streams().get(0), WINDOW.from());
    private final WindowReview review = new WindowReview(memory, new NoLane(new WindowSlots(1)) {
        @Override
        public boolean fits(Publication publication) {
            return !(publication instanceof PointRevision);
        }
    });

    @Test
    void rows_that_do_not_fit_count_against_their_day_for_as_long_as_they_are_shown() {
        for (int read = 1; read <= 3; read++) {
            Admitted admitted = read("a", "b");
            assertThat(admitted.quarantined()).isEqualTo(2);
            assertThat(admitted.publications()).as("published once").hasSize(read == 1 ? 2 : 0);
            assertThat(memory.index().day(DAY).quarantined()).as("read " + read).isEqualTo(2);
        }
        read("b");
        assertThat(memory.index().day(DAY).quarantined()).isEqualTo(1);
    }

    /** Rows of equal numbers. */
    private Admitted read(String... projects) {
        Instant start = WINDOW.from();
        List<Point> rows = List.of(projects).stream()
                .map(project -> new Point(
                        start,
                        Grain.HOUR,
                        ByName.of("project_id", Optional.of(project)),
                        Measures.of("amount", Measure.of(1, "usd"))))
                .toList();
        Bucket bucket = new Bucket(start, start.plusSeconds(3600), rows, List.of());
        Sweep sweep = new Sweep(WINDOW, WINDOW.to(), Grain.HOUR, List.of(bucket), List.of(), Set.of(), false, 0, false);
        Standing standing = new Standing(memory.split(), WINDOW.to(), WINDOW.from(), day -> false);
        Admitted admitted = PointAdmission.admit(sweep, memory.index(), standing, false, Map.of());
        review.setAsideWhatDoesNotFit(
                new Verdict(new Complete.Buckets(sweep), admitted, standing, memory.horizon()), WINDOW);
        admitted.marks().forEach(memory.index().day(DAY)::mark);
        return admitted;
    }
}
