package io.usagestream.sink.kafka;

import io.usagestream.sink.Ownership;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * Ownership as membership in a consumer group on the checkpoints topic: whoever is assigned a partition owns its lane. Nothing is
 * consumed.
 */
public final class KafkaOwnership implements Ownership {
    private final Vertx vertx;
    private final KafkaSettings settings;
    private final LaneWorker worker;
    private final WorkFeed feed;
    private volatile Optional<GroupMember> member = Optional.empty();
    private volatile boolean left;

    public KafkaOwnership(Vertx vertx, KafkaSettings settings) {
        this.vertx = vertx;
        this.settings = settings;
        this.worker = new LaneWorker(vertx, settings.prefix() + "-group");
        this.feed = new WorkFeed(vertx, settings);
    }

    /** The listener is called on the context of this call. */
    @Override
    public Future<Void> join(Listener listener) {
        Context context = vertx.getOrCreateContext();
        GroupMember joining = new GroupMember(settings, context, listener);
        member = Optional.of(joining);
        return worker.run(() -> {
                    joining.join();
                    return Optional.<Void>empty();
                })
                .compose(joined -> {
                    poll(joining);
                    return Future.succeededFuture();
                });
    }

    @Override
    public Future<Boolean> confirm(int lane) {
        return member.map(m -> next(m, () -> m.confirm(lane)))
                .orElseGet(() -> Future.succeededFuture(false))
                .recover(e -> Future.failedFuture(
                        new Failures(settings).ofStep("membership of the group could not be confirmed", e)));
    }

    @Override
    public Future<Void> leave() {
        left = true;
        return member.map(m -> next(m, () -> {
                    m.leave();
                    return Optional.<Void>empty();
                }))
                .orElseGet(() -> Future.succeededFuture(Optional.empty()))
                .<Void>mapEmpty()
                .eventually(feed::close)
                .eventually(worker::close);
    }

    @Override
    public Future<Void> work(WorkListener listener) {
        return feed.start(listener);
    }

    /** After the poll under way, which is cut short. */
    private <T> Future<T> next(GroupMember member, Callable<T> step) {
        Future<T> done = worker.run(step);
        member.hurry();
        return done;
    }

    /** One poll after the other; between them the worker is free for a {@link #confirm} or {@link #leave}. */
    private void poll(GroupMember polling) {
        if (left) {
            return;
        }
        worker.run(polling::poll).onComplete(pause -> {
            long millis = pause.otherwise(1_000L).result();
            if (millis >= 0) {
                vertx.setTimer(Math.max(1, millis), id -> poll(polling));
            }
        });
    }
}
