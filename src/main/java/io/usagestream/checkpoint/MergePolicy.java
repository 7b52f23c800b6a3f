package io.usagestream.checkpoint;

import io.usagestream.dedup.DayIndex;
import io.usagestream.dedup.PackedBytes;
import io.usagestream.dedup.SeenMark;
import io.usagestream.dedup.SeenRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Decides which segments of a day become one: as soon as {@link #FAN_IN} segments of about one size exist. So a row is written
 * about once for every power of {@link #FAN_IN} in the number of its day's segments, and a day keeps few segments. When it closes,
 * what is left of them becomes one.
 */
public final class MergePolicy {
    /** Number of segments of one size that are merged. */
    public static final int FAN_IN = 16;

    /** Bytes from which on a segment is left alone: merged ones would be full, and nothing would be spared. */
    public static final int LARGE = SegmentWriter.FULL / 2;

    private MergePolicy() {}

    /** The segments of one day to merge now; empty when there are not enough of one size. */
    public static List<SegmentName> choose(Map<SegmentName, Integer> bytesOf) {
        TreeMap<Integer, List<SegmentName>> tiers = new TreeMap<>();
        bytesOf.forEach((name, bytes) -> {
            if (bytes < LARGE) {
                tiers.computeIfAbsent(tier(bytes), t -> new ArrayList<>()).add(name);
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

    /** The segments of a day that closes to merge: all that are worth it. */
    public static List<SegmentName> last(Map<SegmentName, Integer> bytesOf) {
        List<SegmentName> small = bytesOf.entrySet().stream()
                .filter(of -> of.getValue() < LARGE)
                .map(Map.Entry::getKey)
                .sorted(Comparator.comparingLong(SegmentName::number))
                .toList();
        return small.size() > 1 ? small : List.of();
    }

    /**
     * What still holds of several segments in as few as hold it: rows of the revision that the index has, marks as the index has
     * them.
     */
    public static List<Segment> merge(Supplier<SegmentName> names, List<Segment> segments, DayIndex index) {
        SegmentSeries merged = new SegmentSeries(names, PackedBytes.passing(8192));
        Map<Object, SeenMark> marks = new HashMap<>();
        for (Segment segment : segments) {
            new SegmentReader(segment)
                    .forEach(row -> keepCurrent(row, index, merged), mark -> marks.put(mark.digest(), mark));
        }
        index.marks().stream().filter(mark -> marks.containsKey(mark.digest())).forEach(mark -> merged.add(mark));
        return merged.segments();
    }

    private static void keepCurrent(SeenRow row, DayIndex index, SegmentSeries merged) {
        if (index.revision(row.key()) == row.revision()) {
            merged.add(row);
        }
    }

    private static int tier(int bytes) {
        return (32 - Integer.numberOfLeadingZeros(Math.max(1, bytes))) / 4;
    }
}
