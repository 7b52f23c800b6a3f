package io.usagestream.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.dedup.Admitted;
import io.usagestream.dedup.PointAdmission;
import io.usagestream.dedup.SeenIndex;
import io.usagestream.dedup.Standing;
import io.usagestream.dedup.Sweep;
import io.usagestream.ingest.Complete;
import io.usagestream.source.Given;
import io.usagestream.source.StreamSettings;
import io.usagestream.source.openai.OpenAi;
import io.usagestream.stream.Bucket;
import io.usagestream.stream.ByName;
import io.usagestream.stream.Grain;
import io.usagestream.stream.Ids;
import io.usagestream.stream.Measure;
import io.usagestream.stream.Measures;
import io.usagestream.stream.Point;
import io.usagestream.stream.Window;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A window as upstream shows it against what is held. */
class WindowComparisonTest {
    private static final StreamSettings STREAM = Given.stream(new OpenAi(InstantSource.system()), "completions");
    private static final Window WINDOW = new Window(Given.DAY, Given.DAY.plus(Duration.ofHours(1)));

    private final SeenIndex held = new SeenIndex(Window.dayOf(Given.DAY));

    @Test
    void a_row_that_the_service_sets_aside_counts_on_neither_side() {
        Sweep sweep = sweep(row("p".repeat(Ids.MAX_BYTES), "tokens"), row("b", "tokens"));
        commit(sweep);

        WindowComparison comparison = compare(sweep);

        assertThat(comparison.upstreamRows()).isEqualTo(1).isEqualTo(comparison.heldRows());
        assertThat(comparison.upstreamSums()).isEqualTo(comparison.heldSums()).hasSize(1);
        assertThat(comparison.quarantined()).isEqualTo(1);
        assertThat(comparison.found()).isEmpty();
    }

    @Test
    void nor_does_what_is_held_of_a_row_whose_change_is_set_aside() {
        // as many units as a day takes, so that there is no room for another
        List<Point> rows = IntStream.range(0, 256)
                .mapToObj(n -> row("project " + n, "unit " + n))
                .collect(Collectors.toCollection(ArrayList::new));
        commit(sweep(rows.toArray(Point[]::new)));
        rows.set(0, row("project 0", "another"));

        WindowComparison comparison = compare(sweep(rows.toArray(Point[]::new)));

        assertThat(comparison.upstreamRows()).isEqualTo(255).isEqualTo(comparison.heldRows());
        comparison.heldSums().values().removeIf(sum -> sum.signum() == 0);
        assertThat(comparison.upstreamSums()).isEqualTo(comparison.heldSums()).hasSize(255);
        assertThat(comparison.quarantined()).isEqualTo(1);
        assertThat(comparison.found()).isEmpty();
    }

    private WindowComparison compare(Sweep sweep) {
        return WindowComparison.of(STREAM, WINDOW, List.of(new Complete.Buckets(sweep)), held);
    }

    private void commit(Sweep sweep) {
        Standing standing = new Standing(STREAM.split(), sweep.began(), Instant.EPOCH, day -> false);
        Admitted admitted = PointAdmission.admit(sweep, held, standing, false, Map.of());
        admitted.rows().forEach(row -> held.day(Window.dayOf(row.time())).put(row));
        admitted.marks().forEach(mark -> held.day(Window.dayOf(mark.time())).mark(mark));
    }

    private static Sweep sweep(Point... rows) {
        Bucket bucket = new Bucket(WINDOW.from(), WINDOW.to(), List.of(rows), List.of());
        return new Sweep(WINDOW, WINDOW.to(), Grain.HOUR, List.of(bucket), List.of(), Set.of(), false, 0, false);
    }

    private static Point row(String project, String unit) {
        return new Point(
                WINDOW.from(),
                Grain.HOUR,
                ByName.of("project_id", Optional.of(project)),
                Measures.of("quantity", Measure.of(3, unit)));
    }
}
