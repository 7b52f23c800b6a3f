package io.usagestream.dedup;

import io.usagestream.stream.Digest;
import io.usagestream.stream.Ids;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Quarantined;
import io.usagestream.stream.Window;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What one complete read comes to: revisions to publish, rows to remember, and counts that add up: rows seen = new + revised +
 * unchanged + quarantined. Nothing is applied to the index before the batch is committed.
 */
public final class Admitted {
    private final List<Publication> publications = new ArrayList<>();
    private final Map<Digest, SeenRow> rows = new LinkedHashMap<>();
    private final Map<OnDay, SeenMark> marks = new HashMap<>();
    private final Map<Digest, LocalDate> vanished = new HashMap<>();
    private final Set<OnDay> quarantinedHere = new HashSet<>();
    private final Set<Digest> published = new HashSet<>();
    private int fresh;
    private int revised;
    private int unchanged;
    private int retracted;
    private int quarantined;
    private int restated;

    /** A quarantined row as it counts against one day: two days may show equal ones, and one whose time is not known counts in several. */
    private record OnDay(LocalDate day, Digest digest) {
        static OnDay of(SeenMark mark) {
            return new OnDay(Window.dayOf(mark.time()), mark.digest());
        }
    }

    Admitted() {}

    /** What a batch without a read admits. */
    public static Admitted nothing() {
        return new Admitted();
    }

    /** What is to be published, in order. */
    public List<Publication> publications() {
        return publications;
    }

    /** The last revision of every key that was admitted. */
    public List<SeenRow> rows() {
        return List.copyOf(rows.values());
    }

    /** Quarantined rows that are new, or shown again, or no longer shown. */
    public List<SeenMark> marks() {
        return List.copyOf(marks.values());
    }

    /** Keys that were there and are gone in this read, with their days; to be retracted when a second read agrees. */
    public Map<Digest, LocalDate> vanished() {
        return vanished;
    }

    public int fresh() {
        return fresh;
    }

    public int revised() {
        return revised;
    }

    public int unchanged() {
        return unchanged;
    }

    public int retracted() {
        return retracted;
    }

    public int quarantined() {
        return quarantined;
    }

    /** Whether a row of that digest is set aside on that day. */
    public boolean quarantines(LocalDate day, Digest digest) {
        return quarantinedHere.contains(new OnDay(day, digest));
    }

    public int restated() {
        return restated;
    }

    /** Rows that the read showed. */
    public int seen() {
        return fresh + revised + unchanged + quarantined;
    }

    public boolean isEmpty() {
        return publications.isEmpty() && rows.isEmpty() && marks.isEmpty();
    }

    void unchangedRow() {
        unchanged++;
    }

    void freshRow(SeenRow row, boolean restates) {
        fresh++;
        keep(row, restates);
    }

    void revisedRow(SeenRow row, boolean restates) {
        revised++;
        keep(row, restates);
    }

    void retractedRow(SeenRow row, boolean restates) {
        retracted++;
        keep(row, restates);
    }

    void publish(Publication publication) {
        publications.add(publication);
    }

    void vanish(Digest key, LocalDate day) {
        vanished.put(key, day);
    }

    private void keep(SeenRow row, boolean restates) {
        rows.put(row.key(), row);
        restated += restates ? 1 : 0;
    }

    /** Takes a publication back, with the row that it would leave, and sets it aside instead. */
    public void setAside(
            Digest key,
            Publication publication,
            Quarantined instead,
            Window window,
            SeenIndex index,
            Standing standing) {
        if (publications.remove(publication)) {
            SeenRow row = rows.remove(key);
            if (row != null) {
                boolean first = index.day(Window.dayOf(row.time())).revision(key) == 0;
                fresh -= first ? 1 : 0;
                revised -= first ? 0 : 1;
            }
            quarantine(instead, window, index, standing);
        }
    }

    /** Sets a row aside: published unless the same content was before, remembered until a complete read no longer shows it. */
    void quarantine(Quarantined row, Window window, SeenIndex index, Standing standing) {
        quarantined++;
        boolean known = false;
        for (Instant time : times(row, window, index)) {
            known |= mark(new SeenMark(row.digest(), time, true), index);
        }
        if (!known && published.add(row.digest())) {
            String id = Ids.quarantined(standing.split(), row.digest());
            publish(new Publication.QuarantinedRow(standing.split(), id, row, window, standing.observedAt()));
        }
    }

    /** Where a row counts. One that lies outside the window counts where that begins. */
    private static List<Instant> times(Quarantined row, Window window, SeenIndex index) {
        if (row.time().isEmpty()) {
            return window.days()
                    .filter(index::holds)
                    .map(Window::startOf)
                    .map(start -> start.isBefore(window.from()) ? window.from() : start)
                    .toList();
        }
        Instant time = row.time().get();
        boolean placed = window.contains(time) && index.holds(Window.dayOf(time));
        return List.of(placed ? time : window.from());
    }

    /** Has a row count against a day. @return whether it was set aside there before */
    private boolean mark(SeenMark mark, SeenIndex index) {
        OnDay here = OnDay.of(mark);
        quarantinedHere.add(here);
        Optional<SeenMark> known = index.day(here.day).mark(here.digest);
        if (known.filter(SeenMark::live).isEmpty()) {
            marks.put(here, mark);
        } else {
            marks.remove(here); // it may have passed for gone before it was set aside
        }
        return known.isPresent();
    }

    /**
     * Marks of the window that this read no longer showed do not count any more.
     *
     * @param shown whether the read showed what lies at a time: what is missing whole proves nothing
     */
    void settleMarks(Window window, SeenIndex index, Predicate<Instant> shown) {
        window.days()
                .filter(index::holds)
                .forEach(day -> index.day(day).marks().stream()
                        .filter(mark -> mark.live() && window.contains(mark.time()))
                        .filter(mark -> !quarantinedHere.contains(OnDay.of(mark)) && shown.test(mark.time()))
                        .forEach(mark -> marks.put(OnDay.of(mark), new SeenMark(mark.digest(), mark.time(), false))));
    }
}
