package io.usagestream.checkpoint;

import io.usagestream.dedup.MeasureNames;
import io.usagestream.dedup.SeenRow;
import io.usagestream.stream.Digest;
import io.usagestream.stream.Measure;
import io.usagestream.stream.Measures;
import io.usagestream.stream.Publication.Period;
import io.usagestream.stream.Split;
import io.usagestream.stream.Utf8;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Folds a day's rows into what its period says: the number of live rows, the exact sums, and the digest that a consumer computes
 * from its own fold. It takes rows in any order and of any age: of a key the highest revision holds.
 */
public final class PeriodFold {
    private record Held(int revision, boolean retracted, Digest contribution, Measures values) {}

    private final Split split;
    private final LocalDate day;
    private final Function<SeenRow, Utf8> id;
    private final Map<Digest, Held> rows = new HashMap<>();

    /** Rows of different keys, for as long as they are all that was added: most days are read once, and need no map of their keys. */
    private List<SeenRow> only = List.of();

    /** @param id gives the record's id of a row */
    public PeriodFold(Split split, LocalDate day, Function<SeenRow, Utf8> id) {
        this.split = split;
        this.day = day;
        this.id = id;
    }

    /** Adds a row; an older revision than one that was added changes nothing. */
    public void add(SeenRow row) {
        List<SeenRow> before = only;
        only = List.of();
        before.forEach(this::fold);
        fold(row);
    }

    /** Adds rows of which no two have one key. */
    public void add(List<SeenRow> different) {
        if (rows.isEmpty() && only.isEmpty()) {
            only = different;
        } else {
            different.forEach(this::add);
        }
    }

    private void fold(SeenRow row) {
        Held held = rows.get(row.key());
        if (held == null || held.revision < row.revision()) {
            rows.put(row.key(), new Held(row.revision(), row.retracted(), contribution(row), row.values()));
        }
    }

    /** Adds a segment's rows. */
    public void add(Segment segment) {
        new SegmentReader(segment).forEach(this::add, mark -> {});
    }

    /** The day's period after another that said something else, or after none; empty when it would say the same. */
    public Optional<Period> after(
            Optional<Seal> seal, boolean quarantineChanged, long quarantined, Instant observedAt) {
        Live live = new Live();
        only.stream().filter(row -> !row.retracted()).forEach(row -> live.add(contribution(row), row.values()));
        rows.values().stream()
                .filter(held -> !held.retracted)
                .forEach(held -> live.add(held.contribution, held.values));
        Digest digest = live.digest;
        if (seal.isPresent() && seal.get().digest().equals(digest) && !quarantineChanged) {
            return Optional.empty();
        }
        SortedMap<String, BigDecimal> sums = live.sums();
        SortedMap<String, BigDecimal> deltas = deltas(sums, seal.map(Seal::sums).orElseGet(TreeMap::new));
        int revision = seal.map(Seal::revision).orElse(0) + 1;
        return Optional.of(new Period(split, day, revision, live.rows, sums, deltas, quarantined, digest, observedAt));
    }

    private Digest contribution(SeenRow row) {
        return DayDigest.of(id.apply(row), row.values());
    }

    /** What live rows come to. */
    private static final class Live {
        // by number: a name of measure and unit for every value of every row would be text for nothing
        private final MeasureNames names = new MeasureNames();
        private final List<Sum> byNumber = new ArrayList<>();
        private Digest digest = new Digest(0, 0);
        private long rows;

        void add(Digest contribution, Measures values) {
            rows++;
            digest = digest.plus(contribution);
            int probably = 0;
            for (int i = 0; i < values.size(); i++) {
                int number = names.number(values.name(i), values.unit(i), probably);
                while (byNumber.size() <= number) {
                    byNumber.add(new Sum());
                }
                byNumber.get(number).add(values, i);
                probably = number + 1;
            }
        }

        SortedMap<String, BigDecimal> sums() {
            SortedMap<String, BigDecimal> sums = new TreeMap<>();
            for (int i = 0; i < byNumber.size(); i++) {
                MeasureNames.Name name = names.name(i);
                sums.put(name.measure() + "/" + name.unit(), byNumber.get(i).exact());
            }
            return sums;
        }
    }

    /** What is remembered of a published period. */
    public static Seal seal(Period period) {
        return new Seal(period.split(), period.day(), period.revision(), period.sums(), period.digest());
    }

    private static SortedMap<String, BigDecimal> deltas(
            SortedMap<String, BigDecimal> sums, SortedMap<String, BigDecimal> before) {
        SortedMap<String, BigDecimal> deltas = new TreeMap<>(sums);
        before.forEach((name, sum) -> deltas.merge(name, sum.negate(), BigDecimal::add));
        deltas.replaceAll((name, delta) -> Measure.plain(delta));
        return deltas;
    }
}
