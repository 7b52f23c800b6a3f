package io.usagestream.envelope;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.usagestream.stream.Measure;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads points straight off their bytes, for sums over millions of them: names are interned, dimensions that nobody asked for are
 * skipped, no record is made. It knows one schema, this version's ({@link Reader#currentStart}); the order of reading below is
 * the order of its fields. Not for several threads.
 */
public final class PointScan {
    private static final int SLOTS = 1 << 16;

    private final Set<String> wanted;
    private final byte[][] texts = new byte[SLOTS][];
    private final List<Optional<String>> interned = new ArrayList<>();
    private final int[] numbers = new int[SLOTS];
    private byte[] bytes = new byte[0];
    private int at;

    /** @param wanted names of the dimensions to read */
    public PointScan(Set<String> wanted) {
        this.wanted = Set.copyOf(wanted);
    }

    /**
     * One number of a point.
     *
     * @param delta of a first revision the value: its difference to nothing
     */
    public record Amount(String measure, String unit, BigDecimal value, BigDecimal delta) {}

    /** What is read of a point. */
    public record Scanned(
            int revision,
            boolean retracted,
            String granularity,
            Instant start,
            SortedMap<String, Optional<String>> dimensions,
            List<Amount> amounts) {}

    /**
     * Reads one point.
     *
     * @param from where its Avro binary begins
     * @throws UnreadableException when the bytes end too early, or are no point otherwise
     */
    public Scanned read(byte[] value, int from) {
        bytes = value;
        at = from;
        try {
            skip(); // id
            int revision = (int) number();
            skip(); // provider
            skip(); // source
            skip(); // stream
            String granularity = text().orElse("");
            Instant start = Instant.ofEpochMilli(number());
            number(); // end
            SortedMap<String, Optional<String>> dimensions = dimensions();
            List<Amount> amounts = amounts(revision == 1);
            number(); // finality
            at++; // restated
            boolean retracted = bytes[at++] != 0;
            return new Scanned(revision, retracted, granularity, start, dimensions, amounts);
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            throw new UnreadableException("it is not Avro of its schema", e);
        }
    }

    private SortedMap<String, Optional<String>> dimensions() {
        SortedMap<String, Optional<String>> dimensions = new TreeMap<>();
        for (long left = block(); left > 0; left = block()) {
            for (; left > 0; left--) {
                String name = text().orElse("");
                boolean present = number() == 1;
                if (!wanted.contains(name)) {
                    if (present) {
                        skip();
                    }
                } else {
                    dimensions.put(name, present ? text() : Optional.empty());
                }
            }
        }
        return dimensions;
    }

    private List<Amount> amounts(boolean first) {
        List<Amount> amounts = new ArrayList<>(8);
        for (long left = block(); left > 0; left = block()) {
            for (; left > 0; left--) {
                String measure = text().orElse("");
                BigDecimal value = decimal();
                BigDecimal delta = value;
                if (first) {
                    skip();
                } else {
                    delta = decimal();
                }
                String unit = text().orElse("");
                if (number() == 1) {
                    skip(); // exact
                }
                amounts.add(new Amount(measure, unit, value, delta));
            }
        }
        return amounts;
    }

    /** How many entries the next block of a map has; 0 at its end. */
    private long block() {
        long count = number();
        if (count < 0) {
            number(); // its size in bytes
            return -count;
        }
        return count;
    }

    private long number() {
        long zigzag = 0;
        int shift = 0;
        byte next;
        do {
            next = bytes[at++];
            zigzag |= (long) (next & 0x7f) << shift;
            shift += 7;
        } while (next < 0);
        return (zigzag >>> 1) ^ -(zigzag & 1);
    }

    /** The length of what follows; it lies within the bytes. */
    private int length() {
        long length = number();
        if (length < 0 || length > bytes.length - at) {
            throw new IndexOutOfBoundsException("a length of " + length + " at " + at);
        }
        return (int) length;
    }

    private void skip() {
        int length = length(); // moves on by itself
        at += length;
    }

    private BigDecimal decimal() {
        int length = length();
        BigInteger unscaled = new BigInteger(bytes, at, length);
        at += length;
        return new BigDecimal(unscaled, Measure.SCALE);
    }

    /** A text; one that was read before is not made again, as long as the table has room for it. */
    private Optional<String> text() {
        int length = length();
        int from = at;
        at += length;
        int hash = 1;
        for (int i = from; i < at; i++) {
            hash = 31 * hash + bytes[i];
        }
        int slot = (hash * 0x9E3779B9) >>> 16;
        byte[] known = texts[slot];
        if (known != null && Arrays.equals(known, 0, known.length, bytes, from, at)) {
            return interned.get(numbers[slot]);
        }
        Optional<String> text = Optional.of(new String(bytes, from, length, UTF_8));
        if (known == null) {
            texts[slot] = Arrays.copyOfRange(bytes, from, at);
            numbers[slot] = interned.size();
            interned.add(text);
        }
        return text;
    }
}
