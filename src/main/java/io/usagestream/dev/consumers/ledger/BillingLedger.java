package io.usagestream.dev.consumers.ledger;

import static java.time.ZoneOffset.UTC;

import io.usagestream.dev.consumers.ledger.DayBook.Line;
import io.usagestream.dev.consumers.ledger.Entry.Amount;
import io.usagestream.stream.Event;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Publication.Change;
import io.usagestream.stream.Publication.EventRevision;
import io.usagestream.stream.Publication.Period;
import io.usagestream.stream.Publication.PointRevision;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Exact totals by project and day. It reads points, activity and periods, in any order between topics, and bills a day of a stream
 * when the service has said that it is final <em>and</em> its own rows give the same count, sums and digest: whatever was lost or
 * doubled on the way would show.
 *
 * <p>Totals are kept in the two ways that the records allow, and must agree: the last value of each id, and the sum of deltas. A
 * delta counts only for a reader that holds the revision before; after compaction took that one away, the value less what is held
 * does.
 */
public final class BillingLedger {
    private final Map<String, Entry> entries = new HashMap<>();
    private final SortedMap<Day, DayBook> days = new TreeMap<>();

    /**
     * One day of one split.
     *
     * @param split {@code source/stream}
     */
    public record Day(LocalDate date, String split) implements Comparable<Day> {
        @Override
        public int compareTo(Day other) {
            int byDate = date.compareTo(other.date);
            return byDate != 0 ? byDate : split.compareTo(other.split);
        }
    }

    /**
     * An amount that is due, or taken back.
     *
     * @param sum {@code <measure>/<unit>}
     * @param periodRevision of the period that it belongs to
     * @param correction how many times the day was corrected with this, 0 for its bill: a day whose first periods were not verified,
     *     or are compacted away, is billed with a later one
     */
    public record Posting(Day day, String project, String sum, BigDecimal amount, int periodRevision, int correction) {}

    /** A day's total as it is now. */
    public record Total(Day day, String project, String sum, BigDecimal amount, String state) {}

    /** Takes a record. */
    public void add(Publication publication) {
        if (publication instanceof PointRevision point) {
            add(point);
        } else if (publication instanceof EventRevision event) {
            add(event);
        } else if (publication instanceof Period period) {
            book(new Day(period.day(), period.split().name())).close(period);
        }
    }

    private void add(PointRevision point) {
        SortedMap<String, Amount> values = new TreeMap<>();
        point.measures().forEach((name, measure) -> values.put(name, new Amount(measure.value(), measure.unit())));
        Entry entry = new Entry(
                point.id(),
                point.revision(),
                point.split().name(),
                LocalDate.ofInstant(point.start(), UTC),
                point.dimensions().getOrDefault("project_id", Optional.empty()).orElse(""),
                point.retracted(),
                values);
        Entry held = entries.get(entry.id());
        int before = held == null ? 0 : held.revision();
        if (entry.revision() <= before) {
            return; // read again after a restart
        }
        if (entry.revision() == before + 1) {
            addDeltas(entry, point.changes());
        } else {
            addDifference(held, entry);
        }
        replace(held, entry);
    }

    private void add(EventRevision revision) {
        SortedMap<String, Amount> values = new TreeMap<>();
        revision.event().cost().ifPresent(cost -> values.put(Event.COST, new Amount(cost.value(), cost.unit())));
        Entry entry = new Entry(
                revision.id(),
                revision.revision(),
                revision.split().name(),
                LocalDate.ofInstant(revision.event().time(), UTC),
                revision.event().projectId(),
                revision.retracted(),
                values);
        Entry held = entries.get(entry.id());
        if (held == null || held.revision() < entry.revision()) {
            addDifference(held, entry); // events carry no deltas
            replace(held, entry);
        }
    }

    private void addDeltas(Entry entry, Map<String, Change> measures) {
        DayBook book = book(new Day(entry.day(), entry.split()));
        measures.forEach((name, change) ->
                book.add(entry.project(), name + "/" + change.now().unit(), change.delta()));
    }

    private void addDifference(@Nullable Entry held, Entry entry) {
        DayBook book = book(new Day(entry.day(), entry.split()));
        if (held != null && !held.retracted()) {
            held.values()
                    .forEach((name, amount) -> book.add(
                            held.project(),
                            name + "/" + amount.unit(),
                            amount.value().negate()));
        }
        if (!entry.retracted()) {
            entry.values()
                    .forEach((name, amount) -> book.add(entry.project(), name + "/" + amount.unit(), amount.value()));
        }
    }

    private void replace(@Nullable Entry held, Entry entry) {
        DayBook book = book(new Day(entry.day(), entry.split()));
        if (held != null) {
            book.upsert(held, -1);
        }
        book.upsert(entry, 1);
        entries.put(entry.id(), entry);
    }

    private DayBook book(Day day) {
        return days.computeIfAbsent(day, d -> new DayBook());
    }

    /** What has become due since the last call: bills of days that are verified now, and corrections of those billed before. */
    public List<Posting> post() {
        List<Posting> postings = new ArrayList<>();
        days.forEach((day, book) -> {
            SortedMap<Line, BigDecimal> due = book.post();
            due.forEach((line, amount) -> postings.add(
                    new Posting(day, line.project(), line.sum(), amount, book.periodRevision(), book.corrections())));
        });
        return postings;
    }

    /** Totals of every day as they are now. */
    public List<Total> totals() {
        List<Total> totals = new ArrayList<>();
        days.forEach((day, book) -> {
            String state = book.state().name().toLowerCase(Locale.ROOT);
            for (Map.Entry<Line, BigDecimal> total : book.totals().entrySet()) {
                Line line = total.getKey();
                totals.add(new Total(day, line.project(), line.sum(), total.getValue(), state));
            }
        });
        return totals;
    }

    /** Days that are final but whose rows do not give what the service says, when nothing more is to come. */
    public List<Day> unverified() {
        return days.entrySet().stream()
                .filter(day -> day.getValue().state() == DayBook.State.WAITING)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Number of days that are final and give what the service says. */
    public long verified() {
        return days.values().stream()
                .filter(book -> book.state() == DayBook.State.VERIFIED)
                .count();
    }

    /** Days where adding up deltas came to something else than upserting values: none, unless records were lost. */
    public List<Day> disagreeing() {
        return days.entrySet().stream()
                .filter(day -> !day.getValue().deltasAgree())
                .map(Map.Entry::getKey)
                .toList();
    }
}
