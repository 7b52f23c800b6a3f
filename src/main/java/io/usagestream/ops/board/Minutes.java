package io.usagestream.ops.board;

import io.usagestream.ops.Rows;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Rows a minute, for the last three hours. */
final class Minutes {
    static final int KEPT = 180;

    private static final int SECONDS = 60;

    private final TreeMap<Long, Rows> byMinute = new TreeMap<>();

    void add(Instant at, Rows rows) {
        long minute = minute(at);
        byMinute.merge(minute, rows, Rows::plus);
        byMinute.headMap(minute - KEPT, true).clear();
    }

    /** Every minute up to now, also those in which nothing happened, from the first that is known. */
    List<Minute> until(Instant now, Instant startedAt) {
        long last = minute(now);
        long first = Math.max(last - KEPT + 1, minute(startedAt));
        List<Minute> minutes = new ArrayList<>();
        for (long minute = first; minute <= last; minute++) {
            minutes.add(new Minute(Instant.ofEpochSecond(minute * SECONDS), byMinute.getOrDefault(minute, Rows.NONE)));
        }
        return minutes;
    }

    record Minute(Instant start, Rows rows) {}

    private static long minute(Instant at) {
        return Math.floorDiv(at.getEpochSecond(), SECONDS);
    }
}
