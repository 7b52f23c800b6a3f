package io.usagestream.query;

import io.usagestream.stream.Publication.Period;
import io.usagestream.stream.Publication.Progress;
import io.usagestream.stream.Split;
import io.usagestream.stream.Window;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which days of a question the topics speak for. A day that is final has a period, which says how many rows it has: without one it
 * was not read, and where there are fewer rows now, the topic has forgotten some.
 */
final class Coverage {
    /** What ids mean has no days. */
    private static final String TIMELESS = "entities";

    private final UsageQuestion question;
    private final Map<Split, NavigableMap<LocalDate, Day>> days = new HashMap<>();

    private static final class Day {
        private long rows;
        private long closedRows;
        private long closedQuarantined;
        private int revision;

        boolean closed() {
            return revision > 0;
        }
    }

    Coverage(UsageQuestion question) {
        this.question = question;
    }

    /** Counts rows of one of the question's days. */
    void add(Split split, LocalDate day, long rows) {
        day(split, day).rows += rows;
    }

    /** Takes a period; of a day the highest revision holds. */
    void add(Period period) {
        if (question.covers(period.day())) {
            Day day = day(period.split(), period.day());
            if (day.revision < period.revision()) {
                day.revision = period.revision();
                day.closedRows = period.rows();
                day.closedQuarantined = period.quarantined();
            }
        }
    }

    private Day day(Split split, LocalDate day) {
        return days.computeIfAbsent(split, s -> new TreeMap<>()).computeIfAbsent(day, d -> new Day());
    }

    /** Rows that were not understood when days of the question were closed, by stream; the periods know it for ever. */
    SortedMap<Split, Long> quarantined() {
        SortedMap<Split, Long> quarantined = new TreeMap<>();
        days.forEach((split, of) -> {
            long rows =
                    of.values().stream().mapToLong(day -> day.closedQuarantined).sum();
            if (rows > 0) {
                quarantined.put(split, rows);
            }
        });
        return quarantined;
    }

    /** Whether a window has a day of the question that is not closed. */
    boolean isOpen(Split split, Window window) {
        Map<LocalDate, Day> known = days.getOrDefault(split, new TreeMap<>());
        return window.days()
                .filter(question::covers)
                .anyMatch(date ->
                        !Optional.ofNullable(known.get(date)).map(Day::closed).orElse(false));
    }

    /** What is missing of the days that are final, in sentences. */
    List<String> notes(Collection<Progress> progress) {
        SortedMap<String, SortedSet<String>> unread = new TreeMap<>();
        SortedMap<String, SortedSet<String>> forgotten = new TreeMap<>();
        for (Progress of : progress) {
            if (!of.split().stream().equals(TIMELESS)) {
                note(unread, of.split(), unread(of));
                note(forgotten, of.split(), forgotten(of.split()));
            }
        }
        List<String> notes = new ArrayList<>();
        unread.forEach(
                (ranges, splits) -> notes.add("not read, or not whole: " + ranges + " of " + Listing.of(splits)));
        forgotten.forEach(
                (ranges, splits) -> notes.add("the topic has fewer rows than when the day was closed, as after its"
                        + " retention: " + ranges + " of " + Listing.of(splits)));
        return notes;
    }

    private static void note(SortedMap<String, SortedSet<String>> notes, Split split, List<Range> ranges) {
        if (!ranges.isEmpty()) {
            String text = ranges.stream().map(Range::text).collect(Collectors.joining(", "));
            notes.computeIfAbsent(text, t -> new TreeSet<>()).add(split.name());
        }
    }

    /** The final days without a period. */
    private List<Range> unread(Progress of) {
        List<Range> gaps = new ArrayList<>();
        LocalDate end = Window.dayOf(of.watermark());
        LocalDate last = question.end().isBefore(end) ? question.end() : end.minusDays(1);
        LocalDate next = question.start();
        for (Map.Entry<LocalDate, Day> day :
                days.getOrDefault(of.split(), new TreeMap<>()).entrySet()) {
            if (day.getValue().closed()) {
                if (next.isBefore(day.getKey())) {
                    gaps.add(new Range(next, day.getKey().minusDays(1)));
                }
                next = day.getKey().plusDays(1);
            }
        }
        if (!next.isAfter(last)) {
            gaps.add(new Range(next, last));
        }
        return gaps;
    }

    /** The days that have fewer rows than their period says. */
    private List<Range> forgotten(Split split) {
        List<Range> ranges = new ArrayList<>();
        days.getOrDefault(split, new TreeMap<>()).forEach((date, day) -> {
            if (day.rows < day.closedRows) {
                Range before = ranges.isEmpty() ? new Range(date, date) : ranges.get(ranges.size() - 1);
                if (before.last().plusDays(1).equals(date)) {
                    ranges.set(ranges.size() - 1, new Range(before.first(), date));
                } else {
                    ranges.add(new Range(date, date));
                }
            }
        });
        return ranges;
    }

    /** Days one after the other. */
    private record Range(LocalDate first, LocalDate last) {
        String text() {
            return first.equals(last) ? first.toString() : first + " to " + last;
        }
    }
}
