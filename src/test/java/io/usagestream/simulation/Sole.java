package io.usagestream.simulation;

import io.usagestream.sink.Ownership;
import io.vertx.core.Future;

/** A group of one. */
public class Sole implements Ownership {
    @Override
    public Future<Void> join(Listener listener) {
        return Future.succeededFuture();
    }

    @Override
    public Future<Boolean> confirm(int lane) {
        return Future.succeededFuture(true);
    }

    @Override
    public Future<Void> leave() {
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> work(WorkListener listener) {
        return Future.succeededFuture();
    }
}
