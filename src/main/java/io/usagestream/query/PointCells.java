package io.usagestream.query;

import io.usagestream.envelope.CloudEvents;
import io.usagestream.envelope.PointScan;
import io.usagestream.envelope.PointScan.Amount;
import io.usagestream.envelope.PointScan.Scanned;
import io.usagestream.envelope.Reader;
import io.usagestream.envelope.RecordType;
import io.usagestream.stream.Digest;
import io.usagestream.stream.Grain;
import io.usagestream.stream.Publication.PointRevision;
import io.usagestream.stream.Split;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Sums up points in one pass over their topic: a cell for all rows of one split, day and set of the dimensions that the summary
 * looks at. The first revision seen of a key counts with its values, the one after it with its deltas.
 *
 * <p>That is exact as long as the revisions of a key follow one another. Where one is missing (compacted away between two that
 * are there) or comes late (the topic got more partitions), the pass is of no use and says so.
 */
final class PointCells {
    /** Cells beyond that many are handed on, so that memory stays bounded. */
    private static final int MAX_CELLS = 50_000;

    private static final Set<String> LOOKED_AT =
            Set.of("user_id", "model", "model_id", "kind", "label", "line_item", "usage_name");

    private final UsageSummary summary;
    private final Reader reader;
    private final PointScan scan;
    private final SeenRevisions revisions = new SeenRevisions();
    private final Map<String, Split> splits = new HashMap<>();
    private final Map<Key, Cell> cells = new HashMap<>();
    private final Set<String> wanted;
    private boolean exact = true;

    private record Key(Split split, long day, boolean wide, SortedMap<String, Optional<String>> dimensions) {}

    private record Name(String measure, String unit) {}

    private static final class Cell {
        private final Map<Name, BigDecimal> sums = new HashMap<>();
        private long rows;
    }

    PointCells(UsageSummary summary, UsageQuestion question, Reader reader) {
        this.summary = summary;
        this.reader = reader;
        Set<String> names = new TreeSet<>(LOOKED_AT);
        question.project().ifPresent(project -> names.add("project_id"));
        this.wanted = names;
        this.scan = new PointScan(names);
    }

    /** Takes a record; its schema must be known. */
    void add(ConsumerRecord<byte[], byte[]> record) {
        Optional<Split> split = split(record);
        if (split.isEmpty() || !exact) { // not written by this service
            return;
        }
        OptionalInt start = reader.currentStart(RecordType.POINT, record.value());
        Scanned point = start.isPresent()
                ? scan.read(record.value(), start.getAsInt())
                : scanned((PointRevision) reader.publication(RecordType.POINT, split.get(), record.value()));
        SeenRevisions.Before before = revisions.put(Digest.of(record.key()), point.revision(), point.retracted());
        if (before.revision() != 0 && before.revision() != point.revision() - 1) {
            exact = false;
            return;
        }
        add(split.get(), point, before);
    }

    /** Hands on what is left. @return whether every revision followed the one before it */
    boolean finish() {
        flush();
        return exact;
    }

    private void add(Split split, Scanned point, SeenRevisions.Before before) {
        boolean first = before.revision() == 0;
        if (first && point.retracted()) {
            return;
        }
        boolean wide = point.granularity().equals(Grain.WEEK.toString());
        long day = Math.floorDiv(point.start().getEpochSecond(), 86_400L);
        Cell cell = cells.computeIfAbsent(new Key(split, day, wide, point.dimensions()), key -> new Cell());
        cell.rows += (point.retracted() ? 0 : 1) - (before.live() ? 1 : 0);
        for (Amount amount : point.amounts()) {
            cell.sums.merge(
                    new Name(amount.measure(), amount.unit()),
                    first ? amount.value() : amount.delta(),
                    BigDecimal::add);
        }
        if (cells.size() > MAX_CELLS) {
            flush();
        }
    }

    private void flush() {
        cells.forEach((key, cell) -> {
            List<Tally.Number> numbers = new ArrayList<>(cell.sums.size());
            cell.sums.forEach((name, sum) -> numbers.add(new Tally.Number(name.measure(), name.unit(), sum)));
            summary.add(new UsageSummary.Row(
                    key.split(), LocalDate.ofEpochDay(key.day()), key.wide(), key.dimensions(), numbers, cell.rows));
        });
        cells.clear();
    }

    private Scanned scanned(PointRevision point) {
        SortedMap<String, Optional<String>> dimensions = new TreeMap<>(point.dimensions());
        dimensions.keySet().retainAll(wanted);
        List<Amount> amounts = new ArrayList<>();
        point.changes()
                .forEach((name, change) -> amounts.add(
                        new Amount(name, change.now().unit(), change.now().value(), change.delta())));
        return new Scanned(
                point.revision(), point.retracted(), point.grain().toString(), point.start(), dimensions, amounts);
    }

    private Optional<Split> split(ConsumerRecord<byte[], byte[]> record) {
        String text = CloudEvents.source(record.headers()).orElse("");
        Split known = splits.get(text);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<Split> split = CloudEvents.split(record.headers());
        split.ifPresent(s -> splits.put(text, s));
        return split;
    }
}
