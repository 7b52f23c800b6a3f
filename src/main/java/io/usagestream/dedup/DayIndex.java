package io.usagestream.dedup;

import io.usagestream.stream.Digest;
import io.usagestream.stream.Measures;
import io.usagestream.stream.Window;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What was published of one UTC day of a split: for every key its last revision, content digest and values.
 *
 * <p>Open addressing over primitive arrays: rows lie densely in the order of arrival, a table of row numbers finds them. A row
 * costs 44 bytes, its packed values and about 8 bytes of table.
 */
public final class DayIndex {
    private static final int MIN_ROWS = 8;
    private static final int ABSENT = -1;

    private final long origin;
    private final MeasureNames names;
    private int size;
    private int live;
    private long[] keys = new long[2 * MIN_ROWS];
    private long[] digests = new long[2 * MIN_ROWS];
    private int[] revisions = new int[MIN_ROWS];
    private int[] seconds = new int[MIN_ROWS];
    private int[] valueAt = new int[MIN_ROWS];
    private int[] slots = new int[2 * MIN_ROWS];
    private PackedBytes values = new PackedBytes(64);
    private int waste;
    private final Map<Digest, SeenMark> marks = new HashMap<>();

    public DayIndex(LocalDate day, MeasureNames names) {
        this.origin = Window.startOf(day).getEpochSecond();
        this.names = names;
    }

    /** Number of keys, retracted ones too. */
    public int size() {
        return size;
    }

    /** Number of keys whose last revision is not retracted. */
    public int live() {
        return live;
    }

    /** Heap that the index occupies, in bytes, to within a few object headers. */
    public long bytes() {
        return 8L * (keys.length + digests.length)
                + 4L * (revisions.length + seconds.length + valueAt.length + slots.length)
                + values.array().length
                + 96L * marks.size();
    }

    /** The row of a key, or a negative number. */
    int find(Digest key) {
        return slots[slot(key.high(), key.low())] - 1;
    }

    public boolean contains(Digest key) {
        return find(key) != ABSENT;
    }

    /** Whether a key was published and not retracted since. */
    public boolean isLive(Digest key) {
        int row = find(key);
        return row != ABSENT && !retracted(row);
    }

    /** The last revision of a key; 0 when it was never published. */
    public int revision(Digest key) {
        int row = find(key);
        return row == ABSENT ? 0 : revision(row);
    }

    int revision(int row) {
        return revisions[row] >>> 1;
    }

    boolean retracted(int row) {
        return (revisions[row] & 1) != 0;
    }

    Digest key(int row) {
        return new Digest(keys[2 * row], keys[2 * row + 1]);
    }

    boolean hasContent(int row, Digest content) {
        return digests[2 * row] == content.high() && digests[2 * row + 1] == content.low();
    }

    Digest content(int row) {
        return new Digest(digests[2 * row], digests[2 * row + 1]);
    }

    Instant time(int row) {
        return Instant.ofEpochSecond(origin + seconds[row]);
    }

    /** The values of a row as last published; their exact texts are not kept. */
    Measures values(int row) {
        PackedBytes.Cursor cursor = new PackedBytes.Cursor(values.array(), valueAt[row]);
        cursor.readVarint();
        return RowValues.read(cursor, names);
    }

    /** The values of a key as last published; empty when it was never published. */
    public Optional<Measures> values(Digest key) {
        int row = find(key);
        return row == ABSENT ? Optional.empty() : Optional.of(values(row));
    }

    /** Remembers a row, unless a higher revision of its key is remembered. */
    public void put(SeenRow row) {
        PackedBytes packed = names.scratch();
        RowValues.write(row.values(), names, packed);
        put(row.key(), row.content(), row.revision(), row.retracted(), row.time(), packed);
    }

    /** As {@link #put(SeenRow)}, the values already packed with this index's names. */
    public void put(Digest key, Digest content, int revision, boolean retracted, Instant time, PackedBytes packed) {
        int slot = slot(key.high(), key.low());
        int row = slots[slot] - 1;
        if (row == ABSENT) {
            row = append(slot, key, (int) (time.getEpochSecond() - origin));
        } else if (revision(row) >= revision) {
            return;
        } else {
            waste += valueLength(row);
            live -= retracted(row) ? 0 : 1;
        }
        digests[2 * row] = content.high();
        digests[2 * row + 1] = content.low();
        revisions[row] = revision << 1 | (retracted ? 1 : 0);
        live += retracted ? 0 : 1;
        valueAt[row] = values.end();
        values.putVarint(packed.end());
        values.put(packed.array(), 0, packed.end());
        if (waste > values.end() / 2 && waste > 4096) {
            squeeze();
        }
    }

    public MeasureNames names() {
        return names;
    }

    /** The sums of the live rows' values within a window, by {@code <measure>/<unit>}. */
    public SortedMap<String, BigDecimal> sums(Window window) {
        SortedMap<String, BigDecimal> sums = new TreeMap<>();
        for (int row = 0; row < size; row++) {
            if (!retracted(row) && window.contains(time(row))) {
                values(row).forEach((name, m) -> sums.merge(name + "/" + m.unit(), m.value(), BigDecimal::add));
            }
        }
        return sums;
    }

    /** Number of live rows within a window. */
    public int live(Window window) {
        int within = 0;
        for (int row = 0; row < size; row++) {
            within += !retracted(row) && window.contains(time(row)) ? 1 : 0;
        }
        return within;
    }

    /** Adds the names and units of the live rows' values to others. */
    void namesInto(MeasureNames others) {
        for (int row = 0; row < size; row++) {
            if (!retracted(row)) {
                Measures values = values(row);
                for (int n = 0; n < values.size(); n++) {
                    others.number(values.name(n), values.unit(n), n);
                }
            }
        }
    }

    public void mark(SeenMark mark) {
        marks.put(mark.digest(), mark);
    }

    public Collection<SeenMark> marks() {
        return marks.values();
    }

    Optional<SeenMark> mark(Digest digest) {
        return Optional.ofNullable(marks.get(digest));
    }

    /** Number of quarantined rows that the last complete reads still showed. */
    public long quarantined() {
        return marks.values().stream().filter(SeenMark::live).count();
    }

    private int append(int slot, Digest key, int second) {
        if (size == revisions.length) {
            int capacity = size + (size >> 3) + MIN_ROWS;
            keys = Arrays.copyOf(keys, 2 * capacity);
            digests = Arrays.copyOf(digests, 2 * capacity);
            revisions = Arrays.copyOf(revisions, capacity);
            seconds = Arrays.copyOf(seconds, capacity);
            valueAt = Arrays.copyOf(valueAt, capacity);
        }
        int row = size++;
        keys[2 * row] = key.high();
        keys[2 * row + 1] = key.low();
        seconds[row] = second;
        slots[slot] = row + 1;
        if (size * 5L > slots.length * 4L) {
            slots = new int[slots.length * 2];
            for (int i = 0; i < size; i++) {
                slots[slot(keys[2 * i], keys[2 * i + 1])] = i + 1;
            }
        }
        return row;
    }

    /** Where a key is in the table, or where it would be put. */
    private int slot(long high, long low) {
        int mask = slots.length - 1;
        long mixed = (high ^ low) * 0x9E3779B97F4A7C15L;
        int at = (int) (mixed >>> 32) & mask;
        while (slots[at] != 0) {
            int row = slots[at] - 1;
            if (keys[2 * row] == high && keys[2 * row + 1] == low) {
                break;
            }
            at = (at + 1) & mask;
        }
        return at;
    }

    private int valueLength(int row) {
        PackedBytes.Cursor cursor = new PackedBytes.Cursor(values.array(), valueAt[row]);
        int length = (int) cursor.readVarint();
        return cursor.at() - valueAt[row] + length;
    }

    /** Leaves out the values of replaced revisions. */
    private void squeeze() {
        PackedBytes squeezed = new PackedBytes(values.end() - waste);
        for (int row = 0; row < size; row++) {
            int at = squeezed.end();
            squeezed.put(values.array(), valueAt[row], valueLength(row));
            valueAt[row] = at;
        }
        values = squeezed;
        waste = 0;
    }
}
