package io.usagestream.checkpoint;

import io.usagestream.dedup.DayIndex;
import io.usagestream.dedup.SeenMark;
import io.usagestream.dedup.SeenRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Decides which segments of a day become one: as soon as {@link #FAN_IN} segments of about one size exist. So a row is written
 * about once for every power of {@link #FAN_IN} in the number of its day's segments, and a day keeps few segments.
 */
public final class MergePolicy {
    /** Number of segments of one size that are merged. */
    public static final int FAN_IN = 16;

    /** Rows above which a segment is left alone: loading it for a merge would cost more than it spares. */
    public static final int MAX_ROWS = 100_000;

    private MergePolicy() {}

    /** The segments of one day to merge now; empty when there are not enough of one size. */
    public static List<SegmentName> choose(Map<SegmentName, Integer> rowsOf) {
        TreeMap<Integer, List<SegmentName>> tiers = new TreeMap<>();
        rowsOf.forEach((name, rows) -> {
            if (rows < MAX_ROWS) {
                tiers.computeIfAbsent(tier(rows), t -> new ArrayList<>()).add(name);
            }
        });
        return tiers.values().stream()
                .filter(names -> names.size() >= FAN_IN)
                .findFirst()
                .map(names -> names.stream()
                        .sorted(Comparator.comparingLong(SegmentName::number))
                        .toList())
                .orElse(List.of());
    }

    /** One segment with what still holds of several: rows of the revision that the index has, marks as the index has them. */
    public static Segment merge(SegmentName name, List<Segment> segments, DayIndex index) {
        SegmentWriter merged = new SegmentWriter(name);
        Map<Object, SeenMark> marks = new HashMap<>();
        for (Segment segment : segments) {
            new SegmentReader(segment)
                    .forEach(row -> keepCurrent(row, index, merged), mark -> marks.put(mark.digest(), mark));
        }
        index.marks().stream().filter(mark -> marks.containsKey(mark.digest())).forEach(merged::add);
        return merged.segment();
    }

    private static void keepCurrent(SeenRow row, DayIndex index, SegmentWriter merged) {
        if (index.revision(row.key()) == row.revision()) {
            merged.add(row);
        }
    }

    private static int tier(int rows) {
        return (32 - Integer.numberOfLeadingZeros(Math.max(1, rows))) / 4;
    }
}
