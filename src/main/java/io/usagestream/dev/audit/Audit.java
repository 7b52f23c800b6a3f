package io.usagestream.dev.audit;

import io.usagestream.dev.upstream.ledger.Ledger;
import io.usagestream.source.SourceSettings;
import io.usagestream.source.StreamSettings;
import io.usagestream.source.StreamType;
import io.usagestream.stream.Measure;
import io.usagestream.stream.Split;
import io.usagestream.stream.Window;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToIntFunction;

/**
 * The audit: every row that the ledger shows against every row that Kafka holds. It says what is missing, too many, doubled or
 * different, and the sum of every measure on both sides.
 */
public final class Audit {
    private final Ledger ledger;
    private final ToIntFunction<SourceSettings> account;

    /**
     * @param account the number of the simulated account behind a source
     */
    public Audit(Ledger ledger, ToIntFunction<SourceSettings> account) {
        this.ledger = ledger;
        this.account = account;
    }

    /**
     * What the comparison of one split came to.
     *
     * @param expected rows that the ledger shows
     * @param found rows that Kafka holds
     * @param missing rows of the ledger that Kafka does not hold
     * @param surplus rows of Kafka that the ledger does not show
     * @param doubled records whose revision was not the next one
     * @param different rows with other numbers
     * @param unsummed rows whose deltas do not add up to their values
     * @param sums by {@code measure/unit}: the ledger's and Kafka's
     * @param examples a few ids of what is wrong
     */
    public record Finding(
            Split split,
            int expected,
            int found,
            int missing,
            int surplus,
            int doubled,
            int different,
            long unsummed,
            SortedMap<String, Sums> sums,
            List<String> examples) {
        public boolean equal() {
            return missing == 0
                    && surplus == 0
                    && doubled == 0
                    && different == 0
                    && unsummed == 0
                    && sums.values().stream().allMatch(Sums::equal);
        }
    }

    /** One measure's sum on both sides. */
    public record Sums(BigDecimal expected, BigDecimal found) {
        boolean equal() {
            return expected.compareTo(found) == 0;
        }
    }

    /**
     * Compares.
     *
     * @param sources whose streams to compare
     * @param defaultStart where history begins for streams that do not say
     * @param client properties to reach Kafka
     */
    public List<Finding> of(
            List<SourceSettings> sources, Instant defaultStart, Map<String, String> client, String prefix) {
        TopicFold fold = TopicFold.read(client, prefix);
        Instant to = ledger.asOf().plusMillis(1);
        List<Finding> findings = new ArrayList<>();
        for (SourceSettings source : sources) {
            LedgerTruth truth = new LedgerTruth(ledger, account.applyAsInt(source));
            for (StreamSettings stream : source.streams()) {
                if (stream.type().shape() != StreamType.Shape.ENTITIES) {
                    Instant from = stream.start().orElse(defaultStart);
                    findings.add(compare(stream, truth.rows(stream, new Window(from, whole(to))), fold));
                }
            }
        }
        return findings;
    }

    private static Instant whole(Instant time) {
        return Instant.ofEpochSecond(time.getEpochSecond() + 1);
    }

    private static Finding compare(StreamSettings stream, Map<String, Row> expected, TopicFold fold) {
        Split split = stream.split();
        Map<String, Row> found = fold.rows(split);
        List<String> examples = new ArrayList<>();
        int missing = 0;
        int different = 0;
        for (Map.Entry<String, Row> row : expected.entrySet()) {
            Row held = found.get(row.getKey());
            if (held == null) {
                missing++;
                example(examples, "missing " + row.getKey());
            } else if (!same(row.getValue(), held)) {
                different++;
                example(examples, "different " + row.getKey() + " " + row.getValue() + " " + held);
            }
        }
        int surplus = 0;
        for (String id : found.keySet()) {
            if (!expected.containsKey(id)) {
                surplus++;
                example(examples, "surplus " + id);
            }
        }
        SortedMap<String, Sums> sums = new TreeMap<>();
        Map<String, BigDecimal> ours = sums(expected);
        Map<String, BigDecimal> theirs = sums(found);
        ours.forEach((name, sum) -> sums.put(name, new Sums(sum, theirs.getOrDefault(name, BigDecimal.ZERO))));
        theirs.forEach((name, sum) -> sums.putIfAbsent(name, new Sums(BigDecimal.ZERO, sum)));
        return new Finding(
                split,
                expected.size(),
                found.size(),
                missing,
                surplus,
                fold.irregular(split),
                different,
                fold.unsummed(split),
                sums,
                examples);
    }

    /** Absent and zero are the same here: a measure that upstream no longer shows was published as zero. */
    private static boolean same(Row a, Row b) {
        return covers(a, b) && covers(b, a);
    }

    private static boolean covers(Row a, Row b) {
        return a.measures().entrySet().stream()
                .filter(e -> !e.getValue().isZero())
                .allMatch(e -> {
                    Measure other = b.measures().get(e.getKey());
                    return other != null
                            && other.unit().equals(e.getValue().unit())
                            && other.value().compareTo(e.getValue().value()) == 0;
                });
    }

    private static Map<String, BigDecimal> sums(Map<String, Row> rows) {
        Map<String, BigDecimal> sums = new HashMap<>();
        rows.values()
                .forEach(row -> row.measures()
                        .forEach((name, m) -> sums.merge(name + "/" + m.unit(), m.value(), BigDecimal::add)));
        sums.values().removeIf(sum -> sum.signum() == 0);
        return sums;
    }

    private static void example(List<String> examples, String text) {
        if (examples.size() < 5) {
            examples.add(text);
        }
    }
}
