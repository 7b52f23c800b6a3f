package io.usagestream.simulation;

import io.usagestream.sink.Ownership;
import io.usagestream.stream.Work;
import io.vertx.core.Future;
import java.util.function.Consumer;

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
    public Future<Void> work(Consumer<Work> consumer) {
        return Future.succeededFuture();
    }
}
