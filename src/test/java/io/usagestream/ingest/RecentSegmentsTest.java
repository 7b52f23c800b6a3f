package io.usagestream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.checkpoint.Segment;
import io.usagestream.checkpoint.SegmentName;
import io.usagestream.plan.Horizon;
import io.usagestream.sink.Batch;
import io.usagestream.stream.Window;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What is at hand is not fetched, and what is not at hand is. */
class RecentSegmentsTest {
    private static final LocalDate TODAY = LocalDate.parse("2026-11-21");
    private static final int SMALL = 100;

    private final RecentSegments recent = new RecentSegments();
    private final List<SegmentName> fetched = new ArrayList<>();

    @Test
    void what_was_committed_is_at_hand() {
        commit(List.of(segment(1, SMALL)));
        commit(List.of(segment(2, SMALL)));
        assertThat(load(2, 1)).containsExactly(name(1), name(2));
        assertThat(fetched).isEmpty();
    }

    @Test
    void the_rest_is_fetched_and_goes_by_its_number_among_the_others() {
        commit(List.of(segment(2, SMALL)));
        assertThat(load(3, 2, 1)).containsExactly(name(1), name(2), name(3));
        assertThat(fetched).containsExactlyInAnyOrder(name(1), name(3));
    }

    @Test
    void what_a_merge_dropped_is_forgotten() {
        commit(List.of(segment(1, SMALL), segment(2, SMALL)));
        commit(List.of(segment(3, SMALL)), name(1), name(2));
        assertThat(load(1, 3)).containsExactly(name(1), name(3));
        assertThat(fetched).containsExactly(name(1));
    }

    @Test
    void days_that_are_closed_are_not_kept() {
        SegmentName yesterday = new SegmentName(OneStream.SPLIT, TODAY.minusDays(1), 1);
        commit(List.of(new Segment(yesterday, 1, new byte[SMALL])));
        load(Map.of(yesterday, 0L));
        assertThat(fetched).containsExactly(yesterday);
    }

    @Test
    void the_oldest_go_when_room_runs_out_and_dropped_ones_give_theirs_back() {
        int half = RecentSegments.ROOM / 2;
        commit(List.of(segment(1, half), segment(2, half)));
        commit(List.of(segment(3, half)));
        load(1, 2, 3);
        assertThat(fetched).containsExactly(name(1));
        commit(List.of(segment(4, half)), name(3));
        fetched.clear();
        load(2, 4);
        assertThat(fetched).isEmpty();
        commit(List.of(segment(5, RecentSegments.ROOM + 1)));
        load(2, 4, 5);
        assertThat(fetched).containsExactlyInAnyOrder(name(2), name(4), name(5));
    }

    private void commit(List<Segment> segments, SegmentName... dropped) {
        Instant midnight = Window.startOf(TODAY);
        SplitMemory memory =
                SplitMemory.fresh(OneStream.source(midnight).streams().get(0), midnight);
        recent.committed(new Batch(
                OneStream.SPLIT,
                List.of(),
                memory.checkpoint(new Horizon(midnight, midnight), midnight, TODAY, Optional.empty(), Optional.empty()),
                segments,
                List.of(),
                List.of(dropped),
                List.of(),
                List.of()));
    }

    private List<SegmentName> load(long... numbers) {
        Map<SegmentName, Long> places = new TreeMap<>((a, b) -> Long.compare(a.number(), b.number()));
        Arrays.stream(numbers).forEach(number -> places.put(name(number), 1_000 + number));
        return load(places);
    }

    private List<SegmentName> load(Map<SegmentName, Long> places) {
        return recent
                .load(places, missing -> {
                    fetched.addAll(missing.keySet());
                    return Future.succeededFuture(missing.keySet().stream()
                            .map(name -> new Segment(name, 1, new byte[SMALL]))
                            .toList());
                })
                .result()
                .stream()
                .map(Segment::name)
                .toList();
    }

    private static Segment segment(long number, int bytes) {
        return new Segment(name(number), 1, new byte[bytes]);
    }

    private static SegmentName name(long number) {
        return new SegmentName(OneStream.SPLIT, TODAY, number);
    }
}
