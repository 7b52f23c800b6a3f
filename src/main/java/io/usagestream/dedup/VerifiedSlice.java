package io.usagestream.dedup;

import io.usagestream.stream.Event;
import io.usagestream.stream.Quarantined;
import io.usagestream.stream.Window;
import java.time.Instant;
import java.util.List;

/**
 * One slice of an offset log, verified: its events are the slice's events at one moment after the read began.
 *
 * @param window on whole seconds
 * @param began when the verified pass began, in upstream's time
 * @param events those of the window, twins included
 * @param quarantined rows that were not understood
 */
public record VerifiedSlice(Window window, Instant began, List<Event> events, List<Quarantined> quarantined) {}
