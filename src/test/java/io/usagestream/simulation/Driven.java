package io.usagestream.simulation;

import io.usagestream.checkpoint.Segment;
import io.usagestream.checkpoint.SegmentName;
import io.usagestream.envelope.RecordType;
import io.usagestream.sink.Batch;
import io.usagestream.sink.LaneImage;
import io.usagestream.sink.LaneLog;
import io.usagestream.sink.LaneSession;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Split;
import io.usagestream.stream.Window;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** A log whose virtual time runs on by itself until what was asked is answered: for a kit that waits in real time. */
record Driven(SimWorld world, LaneLog log) implements LaneLog {
    private <T> Future<T> answered(Future<T> future) {
        world.runUntil(world.now().plus(Duration.ofMinutes(1)), 1_000_000);
        return future;
    }

    @Override
    public Future<LaneSession> open(int lane, Predicate<SegmentName> eager) {
        return answered(log.open(lane, eager)).map(session -> new DrivenSession(this, session));
    }

    @Override
    public int lanes() {
        return log.lanes();
    }

    private record DrivenSession(Driven driven, LaneSession plain) implements LaneSession {
        @Override
        public LaneImage restored() {
            return plain.restored();
        }

        @Override
        public boolean fits(Publication publication) {
            return plain.fits(publication);
        }

        @Override
        public Future<Map<SegmentName, Long>> commit(List<Batch> batches) {
            return driven.answered(plain.commit(batches));
        }

        @Override
        public Future<List<Segment>> load(Map<SegmentName, Long> places) {
            return driven.answered(plain.load(places));
        }

        @Override
        public Future<List<Publication>> published(Split split, RecordType type, Window window) {
            return driven.answered(plain.published(split, type, window));
        }

        @Override
        public Future<Void> close() {
            return driven.answered(plain.close());
        }
    }
}
