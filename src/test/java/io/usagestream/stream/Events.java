package io.usagestream.stream;

import java.time.Instant;
import java.util.Optional;

/** Events of a log as tests need them. */
public final class Events {
    private Events() {}

    public static Event event(
            Instant time, String project, String user, Optional<String> asset, Optional<Measure> cost) {
        return new Event(
                "asset",
                time,
                project,
                user,
                asset,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                cost);
    }
}
