package io.usagestream.dev.upstream.ledger;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What is asked of Scenario.
 *
 * @param from inclusive
 * @param to inclusive
 * @param projectIds empty: all
 * @param userIds empty: all
 */
public record StudioQuery(
        int account, Instant from, Instant to, Set<String> projectIds, Set<String> userIds, Optional<String> teamId) {
    public static StudioQuery of(int account, Instant from, Instant to) {
        return new StudioQuery(account, from, to, Set.of(), Set.of(), Optional.empty());
    }

    boolean admits(StudioEvent event, Studio studio) {
        return (projectIds.isEmpty() || projectIds.contains(event.projectId()))
                && (userIds.isEmpty() || userIds.contains(event.userId()))
                && (teamId.isEmpty() || studio.owns(teamId.get(), event.projectId()));
    }
}
