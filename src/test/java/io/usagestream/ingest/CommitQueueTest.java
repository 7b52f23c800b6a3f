package io.usagestream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.checkpoint.Segment;
import io.usagestream.checkpoint.SegmentName;
import io.usagestream.envelope.RecordType;
import io.usagestream.plan.Horizon;
import io.usagestream.sink.Batch;
import io.usagestream.sink.LaneImage;
import io.usagestream.sink.LaneSession;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Split;
import io.usagestream.stream.Window;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A transaction takes what is there, and waits a moment for what is nearly there. */
class CommitQueueTest {
    private final ToldTime time = new ToldTime();
    private final WindowSlots slots = new WindowSlots(8);
    private final List<Integer> committed = new ArrayList<>();
    private final Deque<Promise<Map<SegmentName, Long>>> answers = new ArrayDeque<>();
    private final CommitQueue queue =
            new CommitQueue(0, new Session(), slots, new HashSet<>(), time, new Observer() {}, failure -> {});

    @Test
    void a_batch_that_comes_alone_is_committed_at_once() {
        reading(1);
        queue.commit(batch());
        assertThat(committed).containsExactly(1);
    }

    @Test
    void a_batch_waits_for_others_until_half_of_the_windows_are_there() {
        reading(4);
        queue.commit(batch());
        assertThat(committed).isEmpty();
        queue.commit(batch());
        assertThat(committed).containsExactly(2);
    }

    @Test
    void nobody_waits_longer_than_a_moment() {
        reading(4);
        queue.commit(batch());
        time.pass(CommitQueue.GATHERING);
        assertThat(committed).containsExactly(1);
    }

    @Test
    void what_comes_while_a_transaction_is_in_flight_goes_into_the_next() {
        reading(4);
        queue.commit(batch());
        queue.commit(batch());
        queue.commit(batch());
        queue.commit(batch());
        time.pass(Duration.ofSeconds(1));
        assertThat(committed).containsExactly(2);
        answers.remove().complete(Map.of());
        time.pass(Duration.ZERO);
        assertThat(committed).containsExactly(2, 2);
    }

    @Test
    void after_its_end_nothing_is_committed() {
        reading(4);
        queue.commit(batch());
        queue.close();
        time.pass(Duration.ofSeconds(1));
        assertThat(committed).isEmpty();
    }

    private void reading(int windows) {
        for (int i = 0; i < windows; i++) {
            slots.take(time);
        }
    }

    private static Batch batch() {
        SplitMemory memory =
                SplitMemory.fresh(OneStream.source(Instant.EPOCH).streams().get(0), Instant.EPOCH);
        Horizon horizon = memory.horizon();
        return new Batch(
                memory.split(),
                List.of(),
                memory.checkpoint(horizon, Instant.EPOCH, memory.closedUntil(), Optional.empty(), Optional.empty()),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    private final class Session implements LaneSession {
        @Override
        public Future<Map<SegmentName, Long>> commit(List<Batch> batches) {
            committed.add(batches.size());
            Promise<Map<SegmentName, Long>> answer = Promise.promise();
            answers.add(answer);
            return answer.future();
        }

        @Override
        public LaneImage restored() {
            throw new AssertionError("not asked for here");
        }

        @Override
        public boolean fits(Publication publication) {
            return true;
        }

        @Override
        public Future<List<Segment>> load(Map<SegmentName, Long> places) {
            throw new AssertionError("not asked for here");
        }

        @Override
        public Future<List<Publication>> published(Split split, RecordType type, Window window) {
            throw new AssertionError("not asked for here");
        }

        @Override
        public Future<Void> close() {
            return Future.succeededFuture();
        }
    }
}
