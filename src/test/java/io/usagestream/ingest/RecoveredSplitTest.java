package io.usagestream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.checkpoint.Segment;
import io.usagestream.checkpoint.SegmentReader;
import io.usagestream.dedup.SeenMark;
import io.usagestream.source.StreamSettings;
import io.usagestream.stream.Digest;
import io.usagestream.stream.Publication.Period;
import io.usagestream.stream.Publication.Progress;
import io.usagestream.stream.Publication.QuarantinedRow;
import io.usagestream.stream.Quarantined;
import io.usagestream.stream.Reason;
import io.usagestream.stream.SplitState;
import io.usagestream.stream.Window;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The state of a split, from what its topics say. */
class RecoveredSplitTest {
    private static final LocalDate DAY = LocalDate.of(2026, 11, 17);
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    private final StreamSettings settings =
            OneStream.source(Window.startOf(DAY)).streams().get(0);
    private final List<Segment> segments = new ArrayList<>();

    @Test
    void equal_rows_that_were_set_aside_on_several_days_count_on_each_that_counted_them() {
        RecoveredSplit split = new RecoveredSplit(settings, progress(), Optional.empty(), NOW, 0, segments::add);
        for (int n = 0; n < 3; n++) {
            split.add(quarantined(DAY.plusDays(n)));
            split.add(period(DAY.plusDays(n), n == 1 ? 0 : 1));
        }
        split.finish();
        List<SeenMark> marks = new ArrayList<>();
        segments.forEach(segment -> new SegmentReader(segment).forEach(row -> {}, marks::add));
        assertThat(marks)
                .filteredOn(SeenMark::live)
                .extracting(mark -> Window.dayOf(mark.time()))
                .containsExactlyInAnyOrder(DAY, DAY.plusDays(2));
        assertThat(marks).hasSize(3);
    }

    private static QuarantinedRow quarantined(LocalDate day) {
        Digest digest = Digest.of("row");
        Quarantined row =
                new Quarantined(Reason.BAD_CURRENCY, "", "/data/0", Optional.empty(), digest, Optional.empty());
        return new QuarantinedRow(OneStream.SPLIT, OneStream.SPLIT + "/" + digest.hex(), row, Window.of(day), NOW);
    }

    private static Period period(LocalDate day, long quarantined) {
        return new Period(
                OneStream.SPLIT, day, 1, 0, new TreeMap<>(), new TreeMap<>(), quarantined, new Digest(0, 0), NOW);
    }

    private static Progress progress() {
        Instant read = Window.startOf(DAY.plusDays(3));
        return new Progress(
                OneStream.SPLIT,
                SplitState.RUNNING,
                Optional.empty(),
                read,
                read,
                Optional.empty(),
                Optional.empty(),
                Duration.ofHours(48),
                Optional.empty(),
                NOW);
    }
}
