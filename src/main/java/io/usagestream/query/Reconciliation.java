package io.usagestream.query;

import io.usagestream.envelope.RecordType;
import io.usagestream.ingest.Complete;
import io.usagestream.ingest.FreshReading;
import io.usagestream.ingest.ReadFailure;
import io.usagestream.query.Difference.Kind;
import io.usagestream.query.SplitComparison.Failure;
import io.usagestream.query.SplitComparison.Sum;
import io.usagestream.query.WindowComparison.Found;
import io.usagestream.source.StreamSettings;
import io.usagestream.stream.Digest;
import io.usagestream.stream.Measure;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Split;
import io.usagestream.stream.Window;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;

/**
 * Reads a range of one source again and compares it with what the topics hold.
 *
 * <p>What differs is read twice, on both sides, before it counts: above the watermark with a pause in which the service may catch
 * up. A row that differs both times and looks the same upstream both times is a difference; one that moved is left out of both
 * sides. It blocks the thread that calls it.
 */
public final class Reconciliation {
    private final DecodedTopics topics;
    private final HeldRows held;
    private final InstantSource clock;
    private final Pause pause;

    /** Waits. */
    public interface Pause {
        void of(Duration time) throws InterruptedException;
    }

    public Reconciliation(DecodedTopics topics, InstantSource clock, Pause pause) {
        this.topics = topics;
        this.held = new HeldRows(topics);
        this.clock = clock;
        this.pause = pause;
    }

    /**
     * Compares streams of one source over a range, widened to whole buckets and cut at what can be read now.
     *
     * @param patience how long the service is given to publish what it does not hold yet
     */
    public List<SplitComparison> compare(
            FreshReading upstream, List<StreamSettings> streams, Window range, Duration patience)
            throws InterruptedException {
        Map<StreamSettings, List<Window>> windows = new LinkedHashMap<>();
        streams.forEach(stream -> windows.put(stream, FreshReading.windows(stream, range, clock.instant())));
        Map<StreamSettings, Window> whole = new HashMap<>();
        windows.forEach((stream, of) -> {
            if (!of.isEmpty()) {
                whole.put(
                        stream,
                        new Window(of.get(0).from(), of.get(of.size() - 1).to()));
            }
        });
        held.read(whole);
        Map<StreamSettings, Reading> readings = new LinkedHashMap<>();
        for (StreamSettings stream : streams) {
            Reading reading = new Reading(stream, Optional.ofNullable(whole.get(stream)));
            readings.put(stream, reading);
            reading.first(upstream, windows.getOrDefault(stream, List.of()));
        }
        again(upstream, readings, whole, patience);
        Set<Digest> differing = new HashSet<>();
        readings.values().forEach(reading -> differing.addAll(reading.heldKeys()));
        Map<Digest, Publication> records = held.records(differing);
        return readings.values().stream()
                .map(reading -> reading.result(records))
                .toList();
    }

    private void again(
            FreshReading upstream,
            Map<StreamSettings, Reading> readings,
            Map<StreamSettings, Window> whole,
            Duration patience)
            throws InterruptedException {
        if (readings.values().stream().noneMatch(Reading::differs)) {
            return;
        }
        Map<String, Instant> watermarks = watermarks();
        if (readings.values().stream().anyMatch(reading -> reading.differsAbove(watermarks))) {
            pause.of(patience);
        }
        held.read(whole);
        for (Reading reading : readings.values()) {
            reading.second(upstream);
        }
    }

    private Map<String, Instant> watermarks() {
        Map<String, Instant> watermarks = new HashMap<>();
        topics.read(
                RecordType.PROGRESS,
                record -> true,
                (split, said) -> watermarks.put(split.name(), ((Publication.Progress) said).watermark()));
        return watermarks;
    }

    /** One stream on its way. */
    private final class Reading {
        private final StreamSettings stream;
        private final Optional<Window> whole;
        private final Map<Window, WindowComparison> windows = new LinkedHashMap<>();
        private Optional<Failure> failure = Optional.empty();
        private int moving;

        Reading(StreamSettings stream, Optional<Window> whole) {
            this.stream = stream;
            this.whole = whole;
        }

        void first(FreshReading upstream, List<Window> of) throws InterruptedException {
            for (Window window : of) {
                Optional<WindowComparison> compared = failure.isEmpty() ? read(upstream, window) : Optional.empty();
                compared.ifPresent(comparison -> windows.put(window, comparison));
            }
        }

        void second(FreshReading upstream) throws InterruptedException {
            for (Map.Entry<Window, WindowComparison> entry : windows.entrySet()) {
                if (!entry.getValue().found().isEmpty()) {
                    Optional<WindowComparison> anew = read(upstream, entry.getKey());
                    if (anew.isPresent()) {
                        leaveOut(entry.getValue().found(), anew.get());
                        entry.setValue(anew.get());
                    }
                }
            }
        }

        /** What did not differ both times, or looks different upstream, is on its way: it says nothing. */
        private void leaveOut(Map<Digest, Found> before, WindowComparison anew) {
            Set<Digest> unsettled = new HashSet<>();
            anew.found().forEach((key, now) -> {
                Found earlier = before.get(key);
                boolean same = earlier != null
                        && earlier.kind() == now.kind()
                        && values(earlier.values()).equals(values(now.values()));
                if (!same) {
                    unsettled.add(key);
                }
            });
            moving += unsettled.size();
            anew.leaveOut(unsettled);
        }

        private Optional<WindowComparison> read(FreshReading upstream, Window window) throws InterruptedException {
            try {
                List<Complete> read = upstream.read(stream, window)
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get();
                Split split = stream.split();
                return Optional.of(WindowComparison.of(stream, window, read, held.index(split)));
            } catch (ExecutionException e) {
                if (e.getCause() instanceof ReadFailure refused) {
                    failure = Optional.of(new Failure(refused.reason(), window + ": " + refused.text()));
                    return Optional.empty();
                }
                throw e.getCause() instanceof RuntimeException bug ? bug : new IllegalStateException(e.getCause());
            }
        }

        boolean differs() {
            return windows.values().stream().anyMatch(window -> !window.found().isEmpty());
        }

        boolean differsAbove(Map<String, Instant> watermarks) {
            Instant watermark = watermarks.getOrDefault(stream.split().name(), Instant.MIN);
            return windows.entrySet().stream()
                    .anyMatch(window -> window.getKey().to().isAfter(watermark)
                            && !window.getValue().found().isEmpty());
        }

        /** Keys of which the topics hold another row than upstream shows, or one that it shows no more. */
        Set<Digest> heldKeys() {
            Set<Digest> keys = new HashSet<>();
            windows.values()
                    .forEach(window -> window.found().forEach((key, row) -> {
                        if (row.kind() != Kind.MISSING) {
                            keys.add(key);
                        }
                    }));
            return keys;
        }

        SplitComparison result(Map<Digest, Publication> records) {
            long upstream = 0;
            long inTopics = 0;
            int quarantined = 0;
            SortedMap<String, Sum> sums = new TreeMap<>();
            List<Difference> differences = new ArrayList<>();
            for (WindowComparison window : windows.values()) {
                upstream += window.upstreamRows();
                inTopics += window.heldRows();
                quarantined += window.quarantined();
                window.upstreamSums().forEach((name, sum) -> add(sums, name, sum, BigDecimal.ZERO));
                window.heldSums().forEach((name, sum) -> add(sums, name, BigDecimal.ZERO, sum));
                window.found()
                        .forEach((key, row) -> differences.add(difference(row, Optional.ofNullable(records.get(key)))));
            }
            sums.values()
                    .removeIf(sum -> sum.upstream().signum() == 0 && sum.held().signum() == 0);
            differences.sort(Comparator.comparing(Difference::id));
            return new SplitComparison(
                    stream.split(), whole, upstream, inTopics, differences, sums, moving, quarantined, failure);
        }
    }

    private static Difference difference(Found row, Optional<Publication> record) {
        String id = row.shown().or(() -> record).map(Reconciliation::id).orElse("");
        return new Difference(
                row.kind(),
                id,
                row.shown().map(RowText::of).orElseGet(TreeMap::new),
                record.map(RowText::of).orElseGet(TreeMap::new));
    }

    private static String id(Publication publication) {
        if (publication instanceof Publication.PointRevision point) {
            return point.id();
        } else if (publication instanceof Publication.EventRevision event) {
            return event.id();
        }
        return ((Publication.EntityChange) publication).id();
    }

    private static void add(SortedMap<String, Sum> sums, String name, BigDecimal upstream, BigDecimal inTopics) {
        sums.merge(
                name,
                new Sum(Measure.plain(upstream), Measure.plain(inTopics)),
                (a, b) -> new Sum(
                        Measure.plain(a.upstream().add(b.upstream())),
                        Measure.plain(a.held().add(b.held()))));
    }

    private static Map<String, String> values(SortedMap<String, Measure> measures) {
        Map<String, String> values = new HashMap<>();
        measures.forEach((name, m) -> values.put(name, Measure.plain(m.value()).toPlainString() + m.unit()));
        return values;
    }
}
