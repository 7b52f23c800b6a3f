package io.usagestream.checkpoint;

import io.usagestream.dedup.PackedBytes;
import io.usagestream.stream.Digest;
import io.usagestream.stream.Split;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The seals of one split, by day, in less than a hundred bytes each: a split has one for every closed day down to the floor, and
 * there may be tens of thousands of splits.
 */
public final class Seals {
    private static final byte[][] NONE = {};

    private final Split split;
    private final List<String> names = new ArrayList<>();
    private byte[][] packed = NONE;
    /** The epoch day of the first entry, which is there unless all is empty. */
    private long first;

    public Seals(Split split) {
        this.split = split;
    }

    /** Keeps a seal, instead of the one that its day had. */
    public void put(Seal seal) {
        long day = seal.day().toEpochDay();
        if (packed.length == 0) {
            first = day;
        }
        if (day < first) {
            int more = Math.toIntExact(first - day);
            byte[][] wider = new byte[packed.length + more][];
            System.arraycopy(packed, 0, wider, more, packed.length);
            packed = wider;
            first = day;
        } else if (day - first >= packed.length) {
            packed = Arrays.copyOf(packed, Math.toIntExact(day - first + 1));
        }
        packed[(int) (day - first)] = pack(seal);
    }

    /** The seal of a day, if it has one. */
    public Optional<Seal> get(LocalDate day) {
        return Optional.ofNullable(at(day)).map(bytes -> unpack(day, bytes));
    }

    /** Whether a day has a seal. */
    public boolean has(LocalDate day) {
        return at(day) != null;
    }

    /** The days before a day that have one, in their order. */
    public List<LocalDate> before(LocalDate day) {
        List<LocalDate> days = new ArrayList<>();
        for (int i = 0; i < packed.length && first + i < day.toEpochDay(); i++) {
            if (packed[i] != null) {
                days.add(LocalDate.ofEpochDay(first + i));
            }
        }
        return days;
    }

    /** Lets go of a day's seal. */
    public void drop(LocalDate day) {
        if (has(day)) {
            packed[(int) (day.toEpochDay() - first)] = null;
            trim();
        }
    }

    public boolean isEmpty() {
        return packed.length == 0;
    }

    /** The oldest go first: what is in front of the first that is left takes no room. */
    private void trim() {
        int gone = 0;
        while (gone < packed.length && packed[gone] == null) {
            gone++;
        }
        if (gone > 0) {
            packed = gone == packed.length ? NONE : Arrays.copyOfRange(packed, gone, packed.length);
            first += gone;
        }
    }

    private byte @Nullable [] at(LocalDate day) {
        long index = day.toEpochDay() - first;
        return index < 0 || index >= packed.length ? null : packed[(int) index];
    }

    private byte[] pack(Seal seal) {
        PackedBytes bytes = new PackedBytes(64);
        bytes.putVarint(seal.revision());
        bytes.putLong(seal.digest().high());
        bytes.putLong(seal.digest().low());
        seal.sums().forEach((name, sum) -> {
            bytes.putVarint(number(name));
            bytes.putDecimal(sum);
        });
        return bytes.toArray();
    }

    private Seal unpack(LocalDate day, byte[] bytes) {
        PackedBytes.Cursor cursor = new PackedBytes.Cursor(bytes, 0);
        int revision = (int) cursor.readVarint();
        Digest digest = new Digest(cursor.readLong(), cursor.readLong());
        SortedMap<String, BigDecimal> sums = new TreeMap<>();
        while (!cursor.atEnd()) {
            sums.put(names.get((int) cursor.readVarint()), cursor.readDecimal());
        }
        return new Seal(split, day, revision, sums, digest);
    }

    /** A split's days have the same few sums. */
    private int number(String name) {
        int number = names.indexOf(name);
        if (number < 0) {
            names.add(name);
            number = names.size() - 1;
        }
        return number;
    }
}
