package io.usagestream.benchmark;

import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/**
 * What of a window belongs on one page, as OpenAI pages it: at most {@code limit} buckets, the cursor says where the next one begins.
 *
 * @param from seconds, inclusive
 * @param to seconds, exclusive
 * @param more whether the window goes on behind the page
 */
record PageAsked(long from, long to, boolean more) {
    private static final String CURSOR = "page_";

    /** @param width of a bucket, in seconds */
    static PageAsked of(HttpServerRequest request, long width) {
        long end = Long.parseLong(request.getParam("end_time"));
        long from = Optional.ofNullable(request.getParam("page"))
                .map(cursor -> Long.parseLong(cursor.substring(CURSOR.length())))
                .orElseGet(() -> Long.parseLong(request.getParam("start_time")));
        long to = Optional.ofNullable(request.getParam("limit"))
                .map(limit -> Math.min(end, from + Long.parseLong(limit) * width))
                .orElse(end);
        return new PageAsked(from, to, to < end);
    }

    /** What follows the list of buckets. */
    String rest() {
        return more
                ? "],\"has_more\":true,\"next_page\":\"" + CURSOR + to + "\"}"
                : "],\"has_more\":false,\"next_page\":null}";
    }
}
