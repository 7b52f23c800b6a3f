package io.usagestream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.dedup.Admitted;
import io.usagestream.dedup.DayIndex;
import io.usagestream.dedup.EntityAdmission;
import io.usagestream.dedup.MeasureNames;
import io.usagestream.dedup.PublishedContent;
import io.usagestream.dedup.SeenMark;
import io.usagestream.dedup.SeenRow;
import io.usagestream.dedup.Standing;
import io.usagestream.stream.Digest;
import io.usagestream.stream.Entity;
import io.usagestream.stream.Ids;
import io.usagestream.stream.Page;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Publication.EntityChange;
import io.usagestream.stream.Publication.QuarantinedRow;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Window;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Entities, remembered from their records. */
class EntityRecallTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:30:00Z");
    private static final String ID = "openai/acme/completions/model/one";

    @ParameterizedTest
    @ValueSource(
            strings = {"2026-11-21T12:30:00Z", "2038-01-19T03:14:07Z", "2054-01-09T13:37:03Z", "2087-12-31T00:00:00Z"})
    void of_two_records_the_later_one_holds_in_whatever_order_they_come(String time) {
        SeenRow before = row("before", Instant.parse(time));
        SeenRow after = row("after", Instant.parse(time).plusSeconds(2));
        for (List<SeenRow> order : List.of(List.of(before, after), List.of(after, before))) {
            DayIndex index = new DayIndex(EntityAdmission.DAY, new MeasureNames());
            order.forEach(index::put);
            assertThat(index.revision(before.key())).isEqualTo(after.revision());
        }
    }

    @Test
    void one_that_the_log_would_not_take_is_set_aside_once() {
        SplitMemory memory = SplitMemory.fresh(OneStream.entities(NOW).streams().get(0), NOW);
        WindowReview review = new WindowReview(memory, new NoLane(new WindowSlots(1)) {
            @Override
            public boolean fits(Publication publication) {
                return !publication.toString().contains("huge");
            }
        });
        Admitted first = reviewed(review, memory, NOW);
        assertThat(first.publications())
                .hasSize(2)
                .anySatisfy(publication -> assertThat(publication)
                        .isInstanceOfSatisfying(
                                EntityChange.class,
                                change -> assertThat(change.entity()).isEqualTo(entity("small"))))
                .anySatisfy(publication -> assertThat(publication)
                        .isInstanceOfSatisfying(
                                QuarantinedRow.class,
                                set -> assertThat(set.row().reason()).isEqualTo(Reason.RECORD_TOO_LARGE)));
        assertThat(first.rows()).hasSize(1);
        assertThat(first.marks())
                .singleElement()
                .extracting(SeenMark::digest)
                .isEqualTo(Digest.of(Ids.entity(OneStream.SPLIT, entity("huge")))
                        .plus(PublishedContent.of(entity("huge"))));

        DayIndex index = memory.index().day(EntityAdmission.DAY);
        first.rows().forEach(index::put);
        first.marks().forEach(index::mark);
        assertThat(reviewed(review, memory, NOW.plusSeconds(86_400)).isEmpty()).isTrue();
    }

    private static Admitted reviewed(WindowReview review, SplitMemory memory, Instant at) {
        Standing standing = new Standing(memory.split(), at, at, day -> false);
        List<Entity> entities = List.of(entity("small"), entity("huge"));
        Admitted admitted = EntityAdmission.admit(entities, List.of(), memory.index(), standing);
        Complete complete = new Complete.Entities(new Page.Entities(Optional.empty(), entities, List.of()), at);
        review.setAsideWhatDoesNotFit(
                new Verdict(complete, admitted, standing, memory.horizon()), Window.of(Window.dayOf(at)));
        return admitted;
    }

    private static Entity entity(String name) {
        return new Entity("model", name, Optional.of(name), new TreeMap<>());
    }

    private static SeenRow row(String name, Instant observed) {
        Entity entity = new Entity("model", "one", Optional.of(name), new TreeMap<>());
        return Recall.row(new EntityChange(OneStream.SPLIT, ID, entity, observed))
                .orElseThrow();
    }
}
