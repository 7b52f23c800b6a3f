package io.usagestream.dedup;

import java.time.LocalDate;
import java.util.Collection;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The last revision, digest and values of each key of a split, by UTC day.
 *
 * <p>Days from {@code heldFrom} on are on the heap whole; of earlier ones only those that were brought in for the moment. A day
 * that is neither may hold keys that were published, so to ask for it is a bug and says so: absence means new only where the
 * index is whole.
 */
public final class SeenIndex {
    private final TreeMap<LocalDate, DayIndex> days = new TreeMap<>();
    private final MeasureNames names = new MeasureNames();
    private LocalDate heldFrom;

    public SeenIndex(LocalDate heldFrom) {
        this.heldFrom = heldFrom;
    }

    /** The first day from which on the index is whole on the heap. */
    public LocalDate heldFrom() {
        return heldFrom;
    }

    /** The index of a day, empty when nothing of it was published. */
    public DayIndex day(LocalDate day) {
        DayIndex index = days.get(day);
        if (index != null) {
            return index;
        }
        if (day.isBefore(heldFrom)) {
            throw new IllegalStateException("day " + day + " is not on the heap; whole from " + heldFrom);
        }
        return days.computeIfAbsent(day, d -> new DayIndex(d, names));
    }

    public boolean holds(LocalDate day) {
        return !day.isBefore(heldFrom) || days.containsKey(day);
    }

    /** Makes room for a day that is about to be brought in. */
    public DayIndex bring(LocalDate day) {
        return days.computeIfAbsent(day, d -> new DayIndex(d, names));
    }

    /** Lets go of a day that was brought in, if it lies before {@link #heldFrom()}. */
    public void letGo(LocalDate day) {
        if (day.isBefore(heldFrom)) {
            days.remove(day);
        }
    }

    /** Lets go of everything before a day; the index is whole from there on. Never moves back. */
    public void holdFrom(LocalDate day) {
        if (day.isAfter(heldFrom)) {
            heldFrom = day;
            days.headMap(day).clear();
        }
    }

    public Optional<DayIndex> peek(LocalDate day) {
        return Optional.ofNullable(days.get(day));
    }

    public Collection<DayIndex> loaded() {
        return days.values();
    }

    public MeasureNames names() {
        return names;
    }

    public long entries() {
        return days.values().stream().mapToLong(DayIndex::size).sum();
    }

    public long bytes() {
        return days.values().stream().mapToLong(DayIndex::bytes).sum();
    }
}
