package io.usagestream.simulation;

import java.util.ArrayList;
import java.util.List;

/** Which stretches of event time upstream served, and when: what finality is checked against, in true time. */
final class Coverage {
    private record Served(long from, long to, long at) {}

    private final List<Served> served = new ArrayList<>();

    void served(long from, long to, long at) {
        served.add(new Served(from, to, at));
    }

    /** Whether a time was served at or after another. */
    boolean servedAtOrAfter(long time, long at) {
        for (int i = served.size() - 1; i >= 0; i--) {
            Served s = served.get(i);
            if (s.at < at) {
                return false;
            }
            if (s.from <= time && time < s.to) {
                return true;
            }
        }
        return false;
    }
}
