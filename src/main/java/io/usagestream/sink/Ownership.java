package io.usagestream.sink;

import io.usagestream.stream.Work;
import io.vertx.core.Future;
import java.util.function.Consumer;

/** The port to the group that shares out lanes among instances. */
public interface Ownership {
    /** What happens to lanes; called on the context that joined. */
    interface Listener {
        /** The lane is ours from now on. */
        void assigned(int lane);

        /** The lane is to be given up: stop it at once. The group waits a bounded time for the future. */
        Future<Void> revoked(int lane);

        /** The lane is lost: somebody else may have it already; nothing that is in flight can be saved. */
        void lost(int lane);
    }

    /** Joins the group. */
    Future<Void> join(Listener listener);

    /** Whether a lane is still ours, by a poll of the group made after this call. */
    Future<Boolean> confirm(int lane);

    /** Leaves the group at once, so that others take over without waiting for a time-out. */
    Future<Void> leave();

    /**
     * Work asked of owners: called for every request as it arrives, for all of them after a restart, and again whenever a split
     * has finished its part of one.
     */
    Future<Void> work(Consumer<Work> consumer);
}
