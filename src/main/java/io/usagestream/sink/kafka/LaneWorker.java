package io.usagestream.sink.kafka;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A thread of a lane's own, on which everything that blocks runs in order. */
final class LaneWorker {
    /** Workers of one name share threads: a session must not wait for the one before it. */
    private static final AtomicLong SEQUENCE = new AtomicLong();

    private final WorkerExecutor executor;

    LaneWorker(Vertx vertx, String name) {
        this.executor =
                vertx.createSharedWorkerExecutor(name + "-" + SEQUENCE.incrementAndGet(), 1, 10, TimeUnit.MINUTES);
    }

    /** Fails when the worker has ended: it does so with the verticle that it was made for. */
    <T> Future<T> run(Callable<T> step) {
        try {
            return executor.executeBlocking(step);
        } catch (RejectedExecutionException e) {
            return Future.failedFuture(e);
        }
    }

    Future<Void> close() {
        return executor.close();
    }
}
