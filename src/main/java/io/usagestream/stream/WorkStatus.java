package io.usagestream.stream;

import java.time.Instant;
import java.util.Optional;

/** How far the owner of a split is with a piece of work; committed with the data. */
public record WorkStatus(
        String id, Split split, Instant doneUntil, boolean finished, Optional<Reason> reason, Instant observedAt) {}
