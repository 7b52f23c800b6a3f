package io.usagestream.stream;

import java.time.Instant;
import java.util.Optional;

/**
 * One event of an activity log. It has no id of its own: everything but its content ({@code cost} and the name of the byok
 * provider) identifies it, and an ordinal tells equal ones apart.
 */
public record Event(
        String action,
        Instant time,
        String projectId,
        String userId,
        Optional<String> assetId,
        Optional<String> collectionId,
        Optional<String> jobId,
        Optional<String> modelId,
        Optional<Boolean> isApiKey,
        Optional<ByokProvider> byokProvider,
        Optional<Measure> cost)
        implements Observation, LogRow {
    /** The unit of an event's cost: compute units. */
    public static final String COST_UNIT = "cu";

    /** The name of the one measure that an event has. */
    public static final String COST = "creative_units_cost";

    /** Its numbers by name: its cost, where upstream says one. */
    public Measures measures() {
        return cost.map(known -> Measures.of(COST, known)).orElseGet(Measures::empty);
    }

    /** The provider whose own key was used; only its id is identity. */
    public record ByokProvider(Optional<String> id, Optional<String> displayName) {}
}
