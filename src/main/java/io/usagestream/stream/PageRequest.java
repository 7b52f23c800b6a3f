package io.usagestream.stream;

import java.util.Optional;

/** What is asked of upstream in one request. */
public sealed interface PageRequest {
    Split split();

    Window window();

    /**
     * A page of buckets. Providers whose series come whole (Scenario) ignore limit and cursor.
     *
     * @param window aligned to the grain at both ends; its end is the end of the bucket that holds now when the newest are wanted
     * @param limit the greatest number of buckets wanted
     * @param cursor upstream's opaque "continue here", valid only with the same window and limit
     */
    record Buckets(Split split, Window window, int limit, Optional<String> cursor) implements PageRequest {}

    /** A page of an offset log: the rows of the window from that offset on; upstream may return rows beside the window. */
    record Log(Split split, Window window, long offset) implements PageRequest {}

    /** What the ids mean that occur in the window. */
    record Entities(Split split, Window window) implements PageRequest {}
}
