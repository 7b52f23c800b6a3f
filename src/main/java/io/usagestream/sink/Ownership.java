package io.usagestream.sink;

import io.usagestream.stream.Work;
import io.vertx.core.Future;

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

    /** What is asked of owners. */
    interface WorkListener {
        /** For every request as it arrives, for all of them after a restart, and again whenever a split has finished its part of one. */
        void asked(Work work);

        /** It is over, or was withdrawn: under its id there is nothing to do any more. Whoever uses the id again asks for other work. */
        void forgotten(String id);
    }

    /** Joins the group. */
    Future<Void> join(Listener listener);

    /** Whether a lane is still ours, by a poll of the group made after this call. */
    Future<Boolean> confirm(int lane);

    /** Leaves the group at once, so that others take over without waiting for a time-out. */
    Future<Void> leave();

    /** Listens for work asked of owners. */
    Future<Void> work(WorkListener listener);
}
