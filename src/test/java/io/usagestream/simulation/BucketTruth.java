package io.usagestream.simulation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Everything that upstream ever shows of one stream of buckets; written as it is asked for, the same for the same seed. */
final class BucketTruth {
    private static final List<Optional<String>> NAMES = List.of(
            Optional.of("alpha"),
            Optional.empty(),
            Optional.of(""),
            Optional.of("häß lich/&=?%"),
            Optional.of("e"),
            Optional.of("f"));

    final BucketShape shape;
    private final Dice dice;
    private final Map<Long, List<RowStory>> buckets = new HashMap<>();

    BucketTruth(BucketShape shape, Dice dice) {
        this.shape = shape;
        this.dice = dice;
    }

    List<RowStory> bucket(long start) {
        return buckets.computeIfAbsent(start, this::write);
    }

    Optional<RowStory> row(Instant start, SortedMap<String, Optional<String>> dimensions) {
        return bucket(start.toEpochMilli()).stream()
                .filter(row -> row.dimensions.equals(dimensions))
                .findFirst();
    }

    private List<RowStory> write(long start) {
        Dice own = dice.of(start);
        long end = start + shape.grain().width().toMillis();
        List<RowStory> rows = new ArrayList<>();
        for (int i = 0; i < shape.rows(); i++) {
            SortedMap<String, Optional<String>> dimensions = new TreeMap<>();
            dimensions.put("project_id", NAMES.get(i % NAMES.size()));
            dimensions.put("model", Optional.of("m" + i / NAMES.size()));
            rows.add(RowStory.write(dimensions, start, end, shape, own));
        }
        return rows;
    }
}
