package io.usagestream.source;

import io.usagestream.stream.Page;
import io.usagestream.stream.PageRequest;
import io.vertx.core.Future;

/**
 * The port to one source's upstream account: one request, one page, decoded and validated by itself.
 *
 * <p>It neither retries nor waits: that is decided by the one who asks. A future that fails with anything but
 * {@link UpstreamException} is a bug.
 */
public interface Upstream {
    /** Sends one request. The future ends within the deadlines of the HTTP client, whatever upstream does. */
    default Future<Page> read(PageRequest request) {
        return read(request, () -> {});
    }

    /**
     * The same, for those who have something to do while a large answer is decoded.
     *
     * @param arrived called at most once, on any thread: a good answer is there and is decoded now. Not called for small ones
     */
    Future<Page> read(PageRequest request, Runnable arrived);

    /** What upstream showed that nobody knew of, for as long as this is open. */
    default Drift drift() {
        return new Drift("");
    }

    /** Bytes of answers since this was opened, as they came over the wire. */
    default long received() {
        return 0;
    }

    /** Cancels what is under way and lets go of connections. */
    Future<Void> close();
}
