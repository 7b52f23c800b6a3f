package io.usagestream.stream;

import java.util.Optional;

/** What is asked of upstream in one request. */
public sealed interface PageRequest {
    Split split();

    Window window();

    /**
     * A page of buckets. Series come whole, in one page: of these the limit only says whether points of zeros are wanted.
     *
     * @param window aligned to the grain at both ends; its end is the end of the bucket that holds now when the newest are wanted
     * @param limit the greatest number of buckets wanted; of a series {@link #WHOLE_SERIES} or {@link #SERIES_WITHOUT_ZEROS}
     * @param cursor upstream's opaque "continue here", valid only with the same window and limit; none for a series
     */
    record Buckets(Split split, Window window, int limit, Optional<String> cursor) implements PageRequest {
        /** The limit of a series that was too large with its points of zeros; the smallest that there is. */
        public static final int SERIES_WITHOUT_ZEROS = 1;

        /** The limit of a series with all its points. Half of it is the other: what is too large is asked for again by half. */
        public static final int WHOLE_SERIES = 2 * SERIES_WITHOUT_ZEROS;
    }

    /** A page of an offset log: the rows of the window from that offset on; upstream may return rows beside the window. */
    record Log(Split split, Window window, long offset) implements PageRequest {}

    /** What the ids mean that occur in the window. */
    record Entities(Split split, Window window) implements PageRequest {}
}
