package io.usagestream.dev.consumers.ledger;

import io.usagestream.stream.Measure;
import io.usagestream.stream.Publication.Period;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** One UTC day of one split: what its rows add up to, and what the service says they should. */
final class DayBook {
    private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(128);

    private final Map<String, BigDecimal> sums = new HashMap<>();
    private final Map<Line, BigDecimal> upserted = new HashMap<>();
    private final Map<Line, BigDecimal> added = new HashMap<>();
    private final Map<Line, BigDecimal> posted = new HashMap<>();
    private BigInteger digest = BigInteger.ZERO;
    private long rows;
    private int postings;
    private Optional<Period> period = Optional.empty();

    /**
     * What is billed.
     *
     * @param sum {@code <measure>/<unit>}
     */
    record Line(String project, String sum) implements Comparable<Line> {
        @Override
        public int compareTo(Line other) {
            int byProject = project.compareTo(other.project);
            return byProject != 0 ? byProject : sum.compareTo(other.sum);
        }
    }

    /** How far a day is. */
    enum State {
        /** Not final: upstream may still revise it. */
        OPEN,
        /** Final, but some of its rows, or the correction of the day, have not come yet. */
        WAITING,
        /** Final, with rows that the service could not understand: not to be billed. */
        INCOMPLETE,
        /** Final, and rows, sums and digest are as the service says. */
        VERIFIED
    }

    /** Takes the numbers of an entry in (1) or out (-1): of all rows of a day only the last revision of each counts. */
    void upsert(Entry entry, int sign) {
        if (entry.retracted()) {
            return;
        }
        rows += sign;
        BigInteger contribution = sign > 0 ? entry.digest() : entry.digest().negate();
        digest = digest.add(contribution).mod(MODULUS);
        entry.values().forEach((measure, amount) -> {
            String sum = measure + "/" + amount.unit();
            BigDecimal value = sign > 0 ? amount.value() : amount.value().negate();
            sums.merge(sum, value, BigDecimal::add);
            upserted.merge(new Line(entry.project(), sum), value, BigDecimal::add);
        });
    }

    /** Adds a change. */
    void add(String project, String sum, BigDecimal delta) {
        added.merge(new Line(project, sum), delta, BigDecimal::add);
    }

    /** Takes what the service says of the day; a lower revision than the last one says nothing new. */
    void close(Period said) {
        if (period.map(Period::revision).orElse(0) < said.revision()) {
            period = Optional.of(said);
        }
    }

    State state() {
        if (period.isEmpty()) {
            return State.OPEN;
        }
        Period said = period.get();
        String hex = String.format("%032x", digest);
        boolean equal = said.rows() == rows && said.digest().hex().equals(hex) && equal(said.sums());
        return !equal ? State.WAITING : said.quarantined() > 0 ? State.INCOMPLETE : State.VERIFIED;
    }

    private boolean equal(Map<String, BigDecimal> said) {
        return said.entrySet().stream()
                        .allMatch(sum ->
                                sums.getOrDefault(sum.getKey(), BigDecimal.ZERO).compareTo(sum.getValue()) == 0)
                && sums.entrySet().stream()
                        .allMatch(
                                sum -> sum.getValue().compareTo(said.getOrDefault(sum.getKey(), BigDecimal.ZERO)) == 0);
    }

    /** Whether adding up deltas came to the same as upserting values. */
    boolean deltasAgree() {
        return upserted.entrySet().stream()
                        .allMatch(line ->
                                line.getValue().compareTo(added.getOrDefault(line.getKey(), BigDecimal.ZERO)) == 0)
                && added.entrySet().stream()
                        .allMatch(line ->
                                line.getValue().compareTo(upserted.getOrDefault(line.getKey(), BigDecimal.ZERO)) == 0);
    }

    /** What a verified day changes of what was posted before: all of it at first, a correction after a restatement. */
    SortedMap<Line, BigDecimal> post() {
        SortedMap<Line, BigDecimal> due = new TreeMap<>();
        if (state() == State.VERIFIED) {
            upserted.forEach((line, value) -> {
                BigDecimal change = value.subtract(posted.getOrDefault(line, BigDecimal.ZERO));
                if (change.signum() != 0) {
                    due.put(line, Measure.plain(change));
                    posted.put(line, value);
                }
            });
        }
        if (!due.isEmpty()) {
            postings++;
        }
        return due;
    }

    /** The totals as they are now, final or not. */
    SortedMap<Line, BigDecimal> totals() {
        return new TreeMap<>(upserted);
    }

    /** How many times it was posted after the first: each time it was corrected. */
    int corrections() {
        return Math.max(0, postings - 1);
    }

    int periodRevision() {
        return period.map(Period::revision).orElse(0);
    }
}
