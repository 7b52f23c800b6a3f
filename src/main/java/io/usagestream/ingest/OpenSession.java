package io.usagestream.ingest;

import io.usagestream.checkpoint.Segment;
import io.usagestream.checkpoint.SegmentName;
import io.usagestream.envelope.RecordType;
import io.usagestream.sink.Batch;
import io.usagestream.sink.LaneSession;
import io.usagestream.sink.SinkFailure;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Split;
import io.usagestream.stream.Window;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lane's session with what the loops of its splits share while it lasts: the queue of commits, the room for windows, the segments
 * that were just written. After any failure it is spent, and thrown away whole.
 */
final class OpenSession implements LaneCommits {
    private static final Logger LOG = LoggerFactory.getLogger(OpenSession.class);

    /** Hears what becomes of the session. */
    interface Host {
        /** Something was committed. */
        void committed();

        /** The session failed; may be said more than once, and after it was closed. */
        void spent(OpenSession session, SinkFailure failure);
    }

    private final int number;
    private final LaneSession session;
    private final WindowSlots slots;
    private final CommitQueue queue;
    private final RecentSegments recent = new RecentSegments();
    private final Ticker ticker;
    private final Host host;

    /** @param apart splits that are to commit alone, see {@link CommitQueue} */
    OpenSession(
            int number,
            LaneSession session,
            WindowSlots slots,
            Set<Split> apart,
            Ticker ticker,
            Observer observer,
            Host host) {
        this.number = number;
        this.session = session;
        this.slots = slots;
        this.ticker = ticker;
        this.host = host;
        this.queue = new CommitQueue(number, session, slots, apart, ticker, observer, this::spent);
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public WindowSlots slots() {
        return slots;
    }

    @Override
    public Future<Map<SegmentName, Long>> commit(Batch batch) {
        return queue.commit(batch).onSuccess(places -> {
            host.committed();
            recent.committed(batch);
        });
    }

    @Override
    public boolean fits(Publication publication) {
        return session.fits(publication);
    }

    @Override
    public Future<List<Segment>> load(Map<SegmentName, Long> places) {
        return recent.load(places, missing -> here(session.load(missing)).onFailure(this::failed));
    }

    @Override
    public Future<List<Publication>> published(Split split, RecordType type, Window window) {
        return here(session.published(split, type, window));
    }

    @Override
    public void broken(Split split, Throwable cause) {
        LOG.atError()
                .addKeyValue("lane", number)
                .addKeyValue("split", split.name())
                .setCause(cause)
                .log("bug");
        spent(new SinkFailure.Refused(Reason.STATE_LOST, "a bug stopped the lane: " + cause));
    }

    /** Lets nobody commit or wait any more; completes when nothing is in flight. */
    Future<Void> close() {
        queue.close();
        slots.close();
        return session.close();
    }

    private void failed(Throwable cause) {
        spent(SinkFailure.of(cause));
    }

    private void spent(SinkFailure failure) {
        host.spent(this, failure);
    }

    /** The same future, completed on the lane's own thread whatever thread the log's client uses. */
    private <T> Future<T> here(Future<T> future) {
        Promise<T> promise = Promise.promise();
        future.onComplete(done -> ticker.execute(() -> complete(promise, done)));
        return promise.future();
    }

    private static <T> void complete(Promise<T> promise, AsyncResult<T> outcome) {
        if (outcome.succeeded()) {
            promise.complete(outcome.result());
        } else {
            promise.fail(outcome.cause());
        }
    }
}
