package io.usagestream.dev.upstream.ledger;

import io.usagestream.stream.Grain;
import io.usagestream.stream.Window;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The grid of a grain, cut to a window: the first and the last interval are clipped to it. */
public final class Intervals {
    private Intervals() {}

    /** In order; none when the window is empty. */
    public static List<Window> of(Grain grain, Instant from, Instant to) {
        List<Window> intervals = new ArrayList<>();
        for (Instant start = from; start.isBefore(to); ) {
            Instant next = grain.floor(start).plus(grain.width());
            Instant end = next.isBefore(to) ? next : to;
            intervals.add(new Window(start, end));
            start = end;
        }
        return intervals;
    }
}
