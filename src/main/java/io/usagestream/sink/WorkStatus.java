package io.usagestream.sink;

import io.usagestream.stream.Reason;
import io.usagestream.stream.Split;
import java.time.Instant;
import java.util.Optional;

/** How far the owner of a split is with a piece of work; committed with the data. */
public record WorkStatus(
        String id, Split split, Instant doneUntil, boolean finished, Optional<Reason> reason, Instant observedAt) {}
