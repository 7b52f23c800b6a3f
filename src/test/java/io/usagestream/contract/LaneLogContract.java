package io.usagestream.contract;

import static io.usagestream.contract.Samples.DAY;
import static io.usagestream.contract.Samples.batch;
import static io.usagestream.contract.Samples.checkpoint;
import static io.usagestream.contract.Samples.point;
import static io.usagestream.contract.Samples.seal;
import static io.usagestream.contract.Samples.segment;
import static io.usagestream.contract.Waiting.await;
import static io.usagestream.contract.Waiting.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.checkpoint.Seals;
import io.usagestream.checkpoint.Segment;
import io.usagestream.checkpoint.SegmentName;
import io.usagestream.envelope.RecordType;
import io.usagestream.sink.Batch;
import io.usagestream.sink.LaneImage;
import io.usagestream.sink.LaneLog;
import io.usagestream.sink.LaneNumber;
import io.usagestream.sink.LaneSession;
import io.usagestream.sink.SinkFailure;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Split;
import io.usagestream.stream.Window;
import java.time.Duration;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What every log of lanes must do, be it real or simulated. Each test begins with an empty log. */
public abstract class LaneLogContract {
    /** The log under test, with at least two lanes. */
    protected abstract LaneLog log();

    /** What readers of committed records see of a split's points: {@code id#revision} in the order of each id. */
    protected abstract List<String> visible(Split split);

    /** Makes the answer to the next commit of the lane get lost, so that its outcome is unknown; whether it is carried out is open. */
    protected abstract void loseNextAnswer(int lane);

    /** A source that belongs to the lane. */
    private Split splitOf(int lane) {
        String source = IntStream.range(0, 10_000)
                .mapToObj(i -> "s" + i)
                .filter(s -> LaneNumber.of(s, log().lanes()) == lane)
                .findFirst()
                .orElseThrow();
        return Samples.split(source, "completions");
    }

    private LaneSession open(int lane) {
        return await(log().open(lane, name -> true));
    }

    private static String line(Publication.PointRevision point) {
        return point.id() + "#" + point.revision();
    }

    @Test
    void a_new_lane_is_empty() {
        LaneSession session = open(0);
        LaneImage image = session.restored();
        assertThat(image.checkpoints()).isEmpty();
        assertThat(image.eager()).isEmpty();
        assertThat(image.places()).isEmpty();
        assertThat(image.seals()).isEmpty();
        assertThat(image.published()).isEmpty();
        await(session.close());
    }

    @Test
    void what_was_committed_is_restored() {
        Split split = splitOf(0);
        LaneSession first = open(0);
        Batch batch = new Batch(
                split,
                List.of(point(split, "m", 1), Samples.progress(split), Samples.period(split)),
                checkpoint(split, 1),
                List.of(segment(split, DAY, 1), segment(split, DAY.plusDays(1), 2)),
                List.of(seal(split, DAY)),
                List.of(),
                List.of(),
                List.of());
        Map<SegmentName, Long> places = await(first.commit(List.of(batch)));
        await(first.close());

        LaneSession second = await(log().open(0, name -> name.number() == 2));
        LaneImage image = second.restored();
        assertThat(image.checkpoints()).containsExactly(Map.entry(split.name(), checkpoint(split, 1)));
        assertThat(places(image, split)).isEqualTo(places).hasSize(2);
        assertThat(image.eager())
                .usingRecursiveFieldByFieldElementComparator()
                .containsExactly(segment(split, DAY.plusDays(1), 2));
        assertThat(Optional.ofNullable(image.seals().get(split.name()))
                        .orElseThrow()
                        .get(DAY))
                .contains(seal(split, DAY));
        assertThat(image.published()).containsExactly(split.name());
        assertThat(image.bytes()).isPositive();
        assertThat(visible(split)).containsExactly(line(point(split, "m", 1)));
        await(second.close());
    }

    @Test
    void the_last_state_holds_and_what_was_dropped_is_gone() {
        Split split = splitOf(0);
        LaneSession first = open(0);
        await(first.commit(List.of(batch(split, 1))));
        await(first.commit(List.of(batch(split, 2))));
        Batch third = new Batch(
                split,
                List.of(),
                checkpoint(split, 3),
                List.of(segment(split, DAY, 3)),
                List.of(seal(split, DAY)),
                List.of(new SegmentName(split, DAY, 1), new SegmentName(split, DAY, 2)),
                List.of(),
                List.of());
        Map<SegmentName, Long> places = await(first.commit(List.of(third)));
        Batch fourth = new Batch(
                split, List.of(), checkpoint(split, 4), List.of(), List.of(), List.of(), List.of(DAY), List.of());
        assertThat(await(first.commit(List.of(fourth)))).isEmpty();
        await(first.close());

        LaneSession second = open(0);
        LaneImage image = second.restored();
        assertThat(image.checkpoints().get(split.name())).isEqualTo(checkpoint(split, 4));
        assertThat(places(image, split)).isEqualTo(places);
        assertThat(image.seals().values()).allMatch(Seals::isEmpty);
        await(second.close());
    }

    @Test
    void lanes_do_not_see_each_other() {
        Split here = splitOf(0);
        Split there = splitOf(1);
        LaneSession first = open(0);
        LaneSession second = open(1);
        Batch withProgress = new Batch(
                here,
                List.of(Samples.progress(here)),
                checkpoint(here, 1),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of());
        await(first.commit(List.of(withProgress)));
        await(second.commit(List.of(batch(there, 1, "m"))));
        await(first.close());
        await(second.close());

        LaneSession again = open(1);
        LaneImage image = again.restored();
        assertThat(image.checkpoints()).containsOnlyKeys(there.name());
        assertThat(image.published()).isEmpty();
        await(again.close());
    }

    @Test
    void batches_of_one_commit_stand_or_fall_together() {
        Split one = splitOf(0);
        Split two = new Split(one.provider(), one.source(), "costs");
        LaneSession session = open(0);
        await(session.commit(List.of(batch(one, 1, "a", "b"), batch(two, 1, "c"))));
        await(session.close());

        LaneSession again = open(0);
        assertThat(again.restored().checkpoints()).containsOnlyKeys(one.name(), two.name());
        assertThat(visible(one)).hasSize(2);
        assertThat(visible(two)).hasSize(1);
        await(again.close());
    }

    @Test
    void revisions_of_one_key_keep_their_order() {
        Split split = splitOf(0);
        LaneSession session = open(0);
        List<Publication> revisions = IntStream.rangeClosed(1, 500)
                .<Publication>mapToObj(n -> point(split, "m", n))
                .toList();
        Batch batch = new Batch(
                split, revisions, checkpoint(split, 1), List.of(), List.of(), List.of(), List.of(), List.of());
        await(session.commit(List.of(batch)));
        await(session.commit(List.of(batch(split, 501, "m"))));
        await(session.close());

        assertThat(visible(split))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 501)
                        .mapToObj(n -> line(point(split, "m", n)))
                        .toList());
    }

    @Test
    void a_successor_fences_and_the_zombie_commits_nothing() {
        Split split = splitOf(0);
        LaneSession zombie = open(0);
        await(zombie.commit(List.of(batch(split, 1, "before"))));
        LaneSession successor = open(0);
        assertThat(successor.restored().checkpoints().get(split.name())).isEqualTo(checkpoint(split, 1));

        assertThat(failure(zombie.commit(List.of(batch(split, 2, "zombie"))))).isInstanceOf(SinkFailure.Fenced.class);
        assertThat(failure(zombie.commit(List.of(batch(split, 3, "zombie"))))).isInstanceOf(SinkFailure.Fenced.class);
        await(zombie.close());
        await(successor.commit(List.of(batch(split, 2, "after"))));
        await(successor.close());

        assertThat(visible(split))
                .containsExactlyInAnyOrder(line(point(split, "before", 1)), line(point(split, "after", 2)));
        LaneSession last = open(0);
        assertThat(last.restored().checkpoints().get(split.name())).isEqualTo(checkpoint(split, 2));
        await(last.close());
    }

    @Test
    void after_an_unknown_outcome_the_restored_state_says_what_is_true() {
        Split split = splitOf(0);
        LaneSession first = open(0);
        await(first.commit(List.of(batch(split, 1, "m"))));
        loseNextAnswer(0);
        assertThat(failure(first.commit(List.of(batch(split, 2, "m"))))).isInstanceOf(SinkFailure.Unknown.class);
        await(first.close());

        LaneSession second = open(0);
        boolean committed =
                checkpoint(split, 2).equals(second.restored().checkpoints().get(split.name()));
        assertThat(visible(split))
                .isEqualTo(Stream.of(1, 2)
                        .limit(committed ? 2 : 1)
                        .map(n -> line(point(split, "m", n)))
                        .toList());
        await(second.commit(List.of(batch(split, 3, "m"))));
        await(second.close());
    }

    @Test
    void a_failed_session_is_spent() {
        Split split = splitOf(0);
        LaneSession zombie = open(0);
        LaneSession successor = open(0);
        assertThat(failure(zombie.commit(List.of(batch(split, 1))))).isInstanceOf(SinkFailure.Fenced.class);
        await(successor.close());

        assertThat(failure(zombie.commit(List.of(batch(split, 1))))).isInstanceOf(SinkFailure.Fenced.class);
        await(zombie.close());
    }

    private static Map<SegmentName, Long> places(LaneImage image, Split split) {
        return Optional.ofNullable(image.places().get(split.name()))
                .orElseThrow()
                .notLoaded(LocalDate.EPOCH);
    }

    @Test
    void segments_are_loaded_by_their_places() {
        Split split = splitOf(0);
        LaneSession session = open(0);
        Map<SegmentName, Long> places = new HashMap<>();
        for (int step = 1; step <= 20; step++) {
            places.putAll(await(session.commit(List.of(batch(split, step, "m")))));
        }
        places.keySet().removeIf(name -> name.number() % 3 == 0);
        List<Segment> loaded = await(session.load(places));
        assertThat(loaded.stream().map(Segment::name)).containsExactlyInAnyOrderElementsOf(places.keySet());
        assertThat(loaded)
                .allSatisfy(s -> assertThat(s.content())
                        .isEqualTo(segment(split, DAY, s.name().number()).content()));
        await(session.close());
    }

    @Test
    void a_segment_that_is_not_where_it_should_be_is_an_error() {
        Split split = splitOf(0);
        LaneSession session = open(0);
        Map<SegmentName, Long> places = await(session.commit(List.of(batch(split, 1, "m"))));
        long elsewhere = places.values().iterator().next();
        SegmentName other = new SegmentName(split, DAY, 77);
        assertThat(failure(session.load(Map.of(other, elsewhere)))).isInstanceOf(SinkFailure.Refused.class);
        await(session.close());
    }

    @Test
    void the_last_published_revisions_of_a_window_are_read_back() {
        Split split = splitOf(0);
        Split other = new Split(split.provider(), split.source(), "costs");
        LaneSession session = open(0);
        await(session.commit(List.of(batch(split, 1, "a", "b"), batch(other, 1, "c"))));
        await(session.commit(List.of(batch(split, 2, "a"))));
        Window window = new Window(Samples.START, Samples.START.plus(Duration.ofHours(1)));
        Window later = new Window(window.to(), window.to().plusSeconds(3600));

        assertThat(Set.copyOf(await(session.published(split, RecordType.POINT, window))))
                .isEqualTo(Set.of(point(split, "a", 2), point(split, "b", 1)));
        assertThat(await(session.published(split, RecordType.POINT, later))).isEmpty();
        await(session.close());
    }

    /** The sink knows no provider: what a stream is called says nothing of its topic. */
    @Test
    void published_events_are_read_back_whatever_their_stream_is_called() {
        Split split = new Split("another", splitOf(0).source(), "jobs");
        Publication.EventRevision event = Samples.event(split, 0, Optional.empty());
        LaneSession session = open(0);
        Batch batch = batch(split, 1);
        await(session.commit(List.of(new Batch(
                split, List.of(event), batch.checkpoint(), List.of(), List.of(), List.of(), List.of(), List.of()))));
        Window window = new Window(Samples.START.minus(Duration.ofHours(2)), Samples.START);

        assertThat(await(session.published(split, RecordType.ACTIVITY, window))).containsExactly(event);
        assertThat(await(session.published(split, RecordType.POINT, window))).isEmpty();
        await(session.close());
    }

    /** Their records do not say their own time: those of every window are meant that was read with a part of this one. */
    @Test
    void published_quarantined_rows_are_read_back_by_the_window_that_showed_them() {
        Split split = splitOf(0);
        LaneSession session = open(0);
        Batch batch = batch(split, 1);
        Publication row = Samples.quarantined(split);
        await(session.commit(List.of(new Batch(
                split, List.of(row), batch.checkpoint(), List.of(), List.of(), List.of(), List.of(), List.of()))));
        Window partly = new Window(Samples.START.plusSeconds(3600), Samples.NOW.plusSeconds(3600));
        Window before = new Window(Samples.START.minusSeconds(3600), Samples.START);

        assertThat(await(session.published(split, RecordType.QUARANTINE, partly)))
                .containsExactly(row);
        assertThat(await(session.published(split, RecordType.QUARANTINE, before)))
                .isEmpty();
        await(session.close());
    }

    @Test
    void ordinary_records_fit_and_huge_ones_do_not() {
        Split split = splitOf(0);
        LaneSession session = open(0);
        assertThat(session.fits(point(split, "m", 1))).isTrue();
        assertThat(session.fits(point(split, "m".repeat(4_000_000), 1))).isFalse();
        await(session.close());
    }
}
