package io.usagestream.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.stream.Digest;
import io.usagestream.stream.Event;
import io.usagestream.stream.Events;
import io.usagestream.stream.Measure;
import io.usagestream.stream.Publication.EventRevision;
import io.usagestream.stream.Quarantined;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Split;
import io.usagestream.stream.Utf8;
import io.usagestream.stream.Window;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Twins and their ordinals. A cost is written as a number, an event without one as the empty text. */
class EventAdmissionTest {
    private static final Split SPLIT = new Split("scenario", "studio", "activity");
    private static final LocalDate DAY = LocalDate.of(2026, 11, 19);
    private static final Instant TIME = Window.startOf(DAY).plusSeconds(5);
    private static final Window SLICE = new Window(Window.startOf(DAY), TIME.plusSeconds(5));

    private final SeenIndex index = new SeenIndex(DAY);
    private final Map<Digest, Utf8> texts = new HashMap<>();

    @Test
    void twins_are_told_apart_by_their_ordinals() {
        assertThat(read("1", "1", "2")).containsExactly("/1#1=1", "/2#1=1", "/3#1=2");
        assertThat(read("2", "1", "1")).as("in another order").isEmpty();
        assertThat(read("1", "1", "1", "2")).as("one more").containsExactly("/4#1=1");
    }

    @Test
    void a_cost_that_is_filled_in_is_a_revision() {
        assertThat(read("")).containsExactly("/1#1=");
        assertThat(read("3")).containsExactly("/1#2=3");
        assertThat(read("4")).containsExactly("/1#3=4");
    }

    @Test
    void what_changed_pairs_off_by_ascending_cost_with_ascending_ordinal() {
        assertThat(read("5", "1")).containsExactly("/1#1=1", "/2#1=5");
        assertThat(read("7", "1")).as("equal content keeps its ordinal").containsExactly("/2#2=7");
        assertThat(read("9", "8")).containsExactly("/1#2=8", "/2#3=9");
        assertThat(read("9", "")).as("absent comes first").containsExactly("/1#3=");
    }

    @Test
    void the_ordinal_with_the_vanished_cost_is_retracted_else_the_highest() {
        read("1", "2", "3");
        assertThat(gone("1", "3")).containsExactly("/2#2 retracted");
        assertThat(read("1", "3", "4"))
                .as("a new twin takes what was retracted")
                .containsExactly("/2#3=4");
        assertThat(gone("3", "4")).containsExactly("/1#2 retracted");
    }

    @Test
    void of_equal_twins_the_highest_ordinal_is_retracted() {
        read("1", "1", "1");
        assertThat(gone("1", "1")).containsExactly("/3#2 retracted");
    }

    @Test
    void what_changed_goes_on_as_itself_before_anything_takes_what_was_retracted() {
        read("1", "2");
        assertThat(gone("2")).containsExactly("/1#2 retracted");
        assertThat(read("5")).containsExactly("/2#2=5");
        assertThat(read("5", "6")).containsExactly("/1#3=6");
    }

    @Test
    void nothing_is_gone_beside_a_row_that_was_not_understood() {
        read("1", "2");
        Quarantined bad = new Quarantined(
                Reason.BAD_NUMBER, "a number", "", Optional.empty(), Digest.of("bad"), Optional.of(TIME));
        VerifiedSlice slice = new VerifiedSlice(SLICE, SLICE.to(), List.of(event("1")), List.of(bad));
        Standing standing = new Standing(SPLIT, TIME, TIME, day -> false);
        assertThat(EventAdmission.admit(slice, index, standing, Map.of()).vanished())
                .isEmpty();
    }

    @Test
    void nothing_is_retracted_by_one_read_alone() {
        read("1", "2");
        Admitted once = admit(Map.of(), "1");
        assertThat(once.publications()).isEmpty();
        assertThat(once.vanished()).hasSize(1);
    }

    private List<String> read(String... costs) {
        return take(admit(Map.of(), costs));
    }

    private List<String> gone(String... costs) {
        Map<Digest, Utf8> confirmed = new HashMap<>();
        admit(Map.of(), costs)
                .vanished()
                .keySet()
                .forEach(key -> confirmed.put(key, Objects.requireNonNull(texts.get(key))));
        return take(admit(confirmed, costs));
    }

    private Admitted admit(Map<Digest, Utf8> confirmed, String... costs) {
        List<Event> events = Arrays.stream(costs).map(EventAdmissionTest::event).toList();
        VerifiedSlice slice = new VerifiedSlice(SLICE, SLICE.to(), events, List.of());
        return EventAdmission.admit(slice, index, new Standing(SPLIT, TIME, TIME, day -> false), confirmed);
    }

    private List<String> take(Admitted admitted) {
        admitted.rows().forEach(row -> {
            index.day(DAY).put(row);
            texts.put(row.key(), row.text());
        });
        return admitted.publications().stream()
                .map(EventRevision.class::cast)
                .map(r -> r.id().substring(r.id().lastIndexOf('/')) + "#" + r.revision()
                        + (r.retracted()
                                ? " retracted"
                                : "="
                                        + r.event()
                                                .cost()
                                                .map(c -> c.value().toPlainString())
                                                .orElse("")))
                .sorted()
                .toList();
    }

    private static Event event(String cost) {
        return Events.event(
                TIME,
                "p",
                "u",
                Optional.empty(),
                cost.isEmpty() ? Optional.empty() : Optional.of(Measure.of(new BigDecimal(cost), Event.COST_UNIT)));
    }
}
