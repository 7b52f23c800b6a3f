package io.usagestream.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.dedup.DayIndex;
import io.usagestream.dedup.MeasureNames;
import io.usagestream.dedup.PackedBytes;
import io.usagestream.dedup.SeenRow;
import io.usagestream.stream.Digest;
import io.usagestream.stream.Measures;
import io.usagestream.stream.Split;
import io.usagestream.stream.Utf8;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A day may hold any number of rows; a record of the log may not hold any number of bytes. */
class SegmentSeriesTest {
    private static final int RECORD = 1_048_576;
    private static final LocalDate DAY = LocalDate.of(2026, 11, 20);

    private final Split split = new Split("openai", "acme", "completions");
    private long number;

    @Test
    void manyRowsBecomeSeveralSegmentsOfBoundedSize() {
        List<Segment> segments = segments(0, 20_000);

        assertThat(segments)
                .hasSizeGreaterThan(5)
                .allSatisfy(s -> assertThat(s.content()).hasSizeLessThan(RECORD / 2));
        assertThat(keys(segments)).hasSize(20_000);
    }

    @Test
    void mergedSegmentsAreBoundedTooAndNotMergedAgain() {
        DayIndex index = new DayIndex(DAY, new MeasureNames());
        List<Segment> small = new ArrayList<>();
        for (int i = 0; i < MergePolicy.FAN_IN; i++) {
            small.addAll(segments(i * 900, i * 900 + 900));
        }
        small.forEach(segment -> new SegmentReader(segment).into(index));
        assertThat(MergePolicy.choose(sizes(small))).hasSize(MergePolicy.FAN_IN);

        List<Segment> merged = MergePolicy.merge(this::name, small, index);

        assertThat(merged)
                .hasSizeBetween(2, 12)
                .allSatisfy(s -> assertThat(s.content()).hasSizeLessThan(RECORD / 2));
        assertThat(keys(merged)).hasSize(900 * MergePolicy.FAN_IN);
        assertThat(MergePolicy.choose(sizes(merged))).isEmpty();
    }

    @Test
    void a_row_nearly_as_large_as_a_record_has_a_segment_of_its_own() {
        SegmentSeries series = new SegmentSeries(this::name, PackedBytes.passing(64));
        int most = RECORD - 10_000;
        for (int i = 0; i < 2_200; i++) {
            series.add(row(i)); // about 90 bytes each
        }
        series.add(row(2_200, "x".repeat(most)));
        series.add(row(2_201));

        List<Segment> segments = series.segments();
        assertThat(segments).hasSize(3).allSatisfy(s -> assertThat(s.content()).hasSizeLessThan(RECORD));
        assertThat(keys(segments)).hasSize(2_202);
    }

    private List<Segment> segments(int from, int to) {
        SegmentSeries series = new SegmentSeries(this::name, PackedBytes.passing(64));
        for (int i = from; i < to; i++) {
            series.add(row(i));
        }
        return series.segments();
    }

    private SegmentName name() {
        return new SegmentName(split, DAY, ++number);
    }

    private static SeenRow row(int i) {
        return row(i, "project_id=proj-" + i + "&model=one-of-many");
    }

    private static SeenRow row(int i, String text) {
        Instant time = DAY.atStartOfDay(java.time.ZoneOffset.UTC).toInstant().plusSeconds(i % 86_400);
        Digest key = Digest.of("key-" + i);
        return new SeenRow(key, key, 1, false, time, Measures.empty(), Utf8.of(text));
    }

    private static Set<Digest> keys(List<Segment> segments) {
        Set<Digest> keys = new HashSet<>();
        segments.forEach(segment -> new SegmentReader(segment).forEach(row -> keys.add(row.key()), mark -> {}));
        return keys;
    }

    private static Map<SegmentName, Integer> sizes(List<Segment> segments) {
        Map<SegmentName, Integer> sizes = new HashMap<>();
        segments.forEach(s -> sizes.put(s.name(), s.content().length));
        return sizes;
    }
}
