package io.usagestream.dedup;

import io.usagestream.stream.Digest;
import io.usagestream.stream.Event;
import io.usagestream.stream.Identity;
import io.usagestream.stream.Ids;
import io.usagestream.stream.Measure;
import io.usagestream.stream.Publication.EventRevision;
import io.usagestream.stream.Utf8;
import io.usagestream.stream.Window;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Admits the events of a verified read of an offset log. Events have no id: equal identities are told apart by an ordinal, and
 * which of them is which is decided so that a cost that is filled in later is a revision and not a new event.
 *
 * <p>Within one identity: equal contents keep their ordinals; the rest pair off, by ascending cost (absent first) with ascending
 * ordinal; what is left over of the read takes retracted ordinals first, then the next; what is left over of the ordinals is gone.
 */
public final class EventAdmission {
    private static final Comparator<Event> BY_COST = Comparator.comparing(
                    (Event e) -> e.cost().map(Measure::value), EventAdmission::absentFirst)
            .thenComparing(e -> e.byokProvider().flatMap(Event.ByokProvider::displayName), EventAdmission::absentFirst);

    private final SeenIndex index;
    private final Standing standing;
    private final Map<Digest, Utf8> confirmed;
    private final Admitted admitted = new Admitted();
    private final Map<LocalDate, BitSet> shown = new HashMap<>();

    private EventAdmission(SeenIndex index, Standing standing, Map<Digest, Utf8> confirmed) {
        this.index = index;
        this.standing = standing;
        this.confirmed = confirmed;
    }

    /**
     * Admits a slice.
     *
     * @param index holds every day of the slice's window
     * @param confirmed the names, as texts, of the keys that an earlier verified read, too, showed to be gone
     */
    public static Admitted admit(VerifiedSlice slice, SeenIndex index, Standing standing, Map<Digest, Utf8> confirmed) {
        EventAdmission admission = new EventAdmission(index, standing, confirmed);
        Map<String, List<Event>> groups = new LinkedHashMap<>();
        slice.events()
                .forEach(e -> groups.computeIfAbsent(Identity.text(e), t -> new ArrayList<>(1))
                        .add(e));
        groups.forEach(admission::group);
        slice.quarantined().forEach(row -> admission.admitted.quarantine(row, slice.window(), index, standing));
        admission.admitted.settleMarks(slice.window(), index, time -> true);
        if (slice.quarantined().isEmpty()) {
            slice.window().days().forEach(day -> admission.gone(day, slice.window()));
        }
        return admission.admitted;
    }

    private void group(String identity, List<Event> events) {
        Instant time = events.get(0).time();
        LocalDate date = Window.dayOf(time);
        DayIndex day = index.day(date);
        Digest digest = Digest.of(identity);
        List<Event> rest = new ArrayList<>(events);
        List<Integer> open = new ArrayList<>();
        List<Integer> retracted = new ArrayList<>();
        int known = 0;
        for (int row; (row = day.find(EventName.key(digest, known + 1))) >= 0; ) {
            known++;
            if (day.retracted(row)) {
                retracted.add(known);
            } else if (!takeEqual(day, row, rest)) {
                open.add(known);
            } else {
                shown.computeIfAbsent(date, d -> new BitSet()).set(row);
                admitted.unchangedRow();
            }
        }
        rest.sort(BY_COST);
        for (Event event : rest) {
            if (!open.isEmpty()) {
                revise(day, date, digest, open.remove(0), identity, event);
            } else if (!retracted.isEmpty()) {
                revise(day, date, digest, retracted.remove(0), identity, event);
            } else {
                publish(digest, ++known, 1, event, false);
                admitted.freshRow(seen(digest, known, 1, event, identity), standing.restates(time));
            }
        }
    }

    private static boolean takeEqual(DayIndex day, int row, List<Event> events) {
        for (int i = 0; i < events.size(); i++) {
            if (day.hasContent(row, PublishedContent.of(events.get(i), false))) {
                events.remove(i);
                return true;
            }
        }
        return false;
    }

    private void revise(DayIndex day, LocalDate date, Digest digest, int ordinal, String identity, Event event) {
        int row = day.find(EventName.key(digest, ordinal));
        shown.computeIfAbsent(date, d -> new BitSet()).set(row);
        int revision = day.revision(row) + 1;
        publish(digest, ordinal, revision, event, false);
        admitted.revisedRow(seen(digest, ordinal, revision, event, identity), standing.restates(event.time()));
    }

    private void gone(LocalDate date, Window window) {
        DayIndex day = index.day(date);
        BitSet here = shown.getOrDefault(date, new BitSet());
        for (int row = 0; row < day.size(); row++) {
            // the index keeps seconds; slices lie on whole seconds, so a row's second decides
            if (here.get(row) || day.retracted(row) || !window.contains(day.time(row))) {
                continue;
            }
            Digest key = day.key(row);
            admitted.vanish(key, date);
            Utf8 text = confirmed.get(key);
            if (text != null) {
                retract(day, row, EventName.parse(text));
            }
        }
    }

    private void retract(DayIndex day, int row, EventName name) {
        Optional<Measure> zero =
                Optional.ofNullable(day.values(row).get(Event.COST)).map(cost -> Measure.of(0, cost.unit()));
        Event named = Identity.parse(name.identity());
        Event event = new Event(
                named.action(),
                named.time(),
                named.projectId(),
                named.userId(),
                named.assetId(),
                named.collectionId(),
                named.jobId(),
                named.modelId(),
                named.isApiKey(),
                named.byokProvider(),
                zero);
        Digest digest = Digest.of(name.identity());
        int revision = day.revision(row) + 1;
        publish(digest, name.ordinal(), revision, event, true);
        SeenRow seen = new SeenRow(
                EventName.key(digest, name.ordinal()),
                PublishedContent.of(event, true),
                revision,
                true,
                event.time(),
                event.measures(),
                name.text());
        admitted.retractedRow(seen, standing.restates(event.time()));
    }

    private void publish(Digest digest, int ordinal, int revision, Event event, boolean retracted) {
        admitted.publish(new EventRevision(
                standing.split(),
                Ids.event(standing.split(), digest, ordinal),
                revision,
                event,
                retracted,
                standing.observedAt()));
    }

    private static SeenRow seen(Digest digest, int ordinal, int revision, Event event, String identity) {
        return new SeenRow(
                EventName.key(digest, ordinal),
                PublishedContent.of(event, false),
                revision,
                false,
                event.time(),
                event.measures(),
                new EventName(identity, ordinal).text());
    }

    private static <T extends Comparable<T>> int absentFirst(Optional<T> a, Optional<T> b) {
        if (a.isEmpty() || b.isEmpty()) {
            return Boolean.compare(a.isPresent(), b.isPresent());
        }
        return a.get().compareTo(b.get());
    }
}
