package io.usagestream.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.checkpoint.Segment;
import io.usagestream.checkpoint.SegmentName;
import io.usagestream.checkpoint.SegmentReader;
import io.usagestream.checkpoint.SegmentWriter;
import io.usagestream.stream.Digest;
import io.usagestream.stream.Measure;
import io.usagestream.stream.Measures;
import io.usagestream.stream.Split;
import io.usagestream.stream.Utf8;
import io.usagestream.stream.Window;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The index of a day, beside a map that does the same slowly. */
class DayIndexTest {
    private static final LocalDate DAY = LocalDate.of(2026, 11, 19);
    private static final Instant START = Window.startOf(DAY);
    private static final Split SPLIT = new Split("openai", "acme", "costs");

    @Test
    void it_holds_what_a_map_would_hold() {
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            DayIndex index = new DayIndex(DAY, new MeasureNames());
            Map<Digest, SeenRow> model = new HashMap<>();
            int keys = 1 + random.nextInt(seed % 10 == 0 ? 5_000 : 200);
            for (int n = random.nextInt(4 * keys); n >= 0; n--) {
                SeenRow row = row(random.nextInt(keys), 1 + random.nextInt(6));
                index.put(row);
                model.merge(row.key(), row, (a, b) -> b.revision() > a.revision() ? b : a);
            }
            check(index, model);
        }
    }

    @Test
    void segments_bring_back_what_was_put_in_whatever_their_order() {
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            Map<Digest, SeenRow> model = new HashMap<>();
            List<Segment> segments = new ArrayList<>();
            List<SeenRow> all = new ArrayList<>();
            for (int s = 1; s <= 1 + random.nextInt(6); s++) {
                SegmentWriter writer = new SegmentWriter(new SegmentName(SPLIT, DAY, s));
                for (int n = random.nextInt(50); n > 0; n--) {
                    SeenRow row = row(random.nextInt(60), s);
                    writer.add(row);
                    all.add(row);
                    model.merge(row.key(), row, (a, b) -> b.revision() > a.revision() ? b : a);
                }
                SeenMark mark = new SeenMark(Digest.of("m" + s), START.plusSeconds(s), s % 2 == 0);
                writer.add(mark);
                segments.add(writer.segment());
            }
            List<SeenRow> read = new ArrayList<>();
            List<SeenMark> marks = new ArrayList<>();
            segments.forEach(segment -> new SegmentReader(segment).forEach(read::add, marks::add));
            assertThat(read).isEqualTo(all);
            assertThat(marks).hasSize(segments.size());

            java.util.Collections.shuffle(segments, random);
            MeasureNames names = new MeasureNames();
            names.number(new MeasureNames.Name("another", "first"));
            DayIndex index = new DayIndex(DAY, names);
            segments.forEach(segment -> new SegmentReader(segment).into(index));
            check(index, model);
            assertThat(index.quarantined()).isEqualTo(segments.size() / 2);
        }
    }

    private static void check(DayIndex index, Map<Digest, SeenRow> model) {
        assertThat(index.size()).isEqualTo(model.size());
        assertThat(index.live()).isEqualTo((int)
                model.values().stream().filter(r -> !r.retracted()).count());
        SortedMap<String, BigDecimal> sums = new TreeMap<>();
        model.values().forEach(row -> {
            int at = index.find(row.key());
            assertThat(index.revision(row.key())).isEqualTo(row.revision());
            assertThat(index.hasContent(at, row.content())).isTrue();
            assertThat(index.retracted(at)).isEqualTo(row.retracted());
            assertThat(index.time(at)).isEqualTo(row.time());
            assertThat(index.values(row.key())).contains(row.values());
            if (!row.retracted()) {
                row.values().forEach((name, m) -> sums.merge(name + "/" + m.unit(), m.value(), BigDecimal::add));
            }
        });
        SortedMap<String, BigDecimal> found = index.sums(Window.of(DAY));
        assertThat(found.keySet()).isEqualTo(sums.keySet());
        sums.forEach((name, sum) -> assertThat(found.get(name)).isEqualByComparingTo(sum));
        assertThat(index.revision(Digest.of("never published"))).isZero();
        assertThat(index.contains(Digest.of("never published"))).isFalse();
    }

    /** A row with the same content whenever it has the same key and revision. */
    private static SeenRow row(int key, int revision) {
        Random own = new Random(key * 31L + revision);
        Measures.Builder values = new Measures.Builder();
        for (int n = own.nextInt(4); n > 0; n--) {
            BigInteger digits = new BigInteger(1 + own.nextInt(120), own);
            BigDecimal value =
                    Measure.plain(new BigDecimal(own.nextBoolean() ? digits : digits.negate(), own.nextInt(19)));
            values.put("m" + own.nextInt(3), new Measure(value, own.nextBoolean() ? "usd" : "cu", Optional.empty()));
        }
        return new SeenRow(
                Digest.of("key" + key),
                Digest.of("content" + key + "/" + revision),
                revision,
                own.nextInt(5) == 0,
                START.plusSeconds(key % 86_400),
                values.build(),
                Utf8.of("text " + key + " ä"));
    }
}
