package io.usagestream.dedup;

import io.usagestream.stream.Event;
import io.usagestream.stream.Quarantined;
import io.usagestream.stream.Window;
import java.time.Instant;
import java.util.List;

/**
 * One slice of an offset log, verified: its events are the slice's events at one moment after the read began; of several that were
 * joined, each part's.
 *
 * @param window on whole seconds
 * @param began when the verified pass began, in upstream's time
 * @param events those of the window, twins included
 * @param quarantined rows that were not understood
 */
public record VerifiedSlice(Window window, Instant began, List<Event> events, List<Quarantined> quarantined) {
    /** Slices that follow one another, as one: twins have one time and so lie in one of them. */
    public static VerifiedSlice joined(List<VerifiedSlice> slices) {
        VerifiedSlice first = slices.get(0);
        if (slices.size() == 1) {
            return first;
        }
        return new VerifiedSlice(
                new Window(
                        first.window.from(),
                        slices.get(slices.size() - 1).window.to()),
                first.began,
                slices.stream().flatMap(slice -> slice.events.stream()).toList(),
                slices.stream().flatMap(slice -> slice.quarantined.stream()).toList());
    }
}
