package io.usagestream.dev.upstream.ledger;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;

/**
 * One thing that somebody did with Scenario, as upstream shows it at some moment: a row of the activity log, and what the series
 * are summed up from. Only {@code id} tells twins apart, and upstream does not show it.
 *
 * @param cost after discount, negative for a refund; empty while upstream does not know it, and for what is free
 * @param discount zero where there is no cost
 * @param usageName under which {@code usages} counts it
 * @param assetKind the kind of asset that it made
 * @param nsfwLabel what a filter found in it
 */
public record StudioEvent(
        long id,
        String action,
        Instant time,
        String projectId,
        String userId,
        Optional<String> assetId,
        Optional<String> collectionId,
        Optional<String> jobId,
        Optional<String> modelId,
        Optional<Boolean> isApiKey,
        Optional<Byok> byok,
        Optional<BigDecimal> cost,
        BigDecimal discount,
        Optional<String> usageName,
        Optional<String> assetKind,
        Optional<String> nsfwLabel) {
    /** The provider whose own key was used. */
    public record Byok(String id, String displayName) {}

    public boolean byApiKey() {
        return isApiKey.orElse(false);
    }

    /** Whether {@code modelUsages} counts it: refunds and what no model did are left out. */
    public boolean isModelWork() {
        return modelId.isPresent() && jobId.isPresent() && !action.equals("refunds");
    }

    /** The same event with another cost. */
    public StudioEvent costing(Optional<BigDecimal> other) {
        return new StudioEvent(
                id,
                action,
                time,
                projectId,
                userId,
                assetId,
                collectionId,
                jobId,
                modelId,
                isApiKey,
                byok,
                other,
                other.isPresent() ? discount : BigDecimal.ZERO,
                usageName,
                assetKind,
                nsfwLabel);
    }

    /** An event that equals this one in all that upstream shows. */
    public StudioEvent twin(long otherId) {
        return new StudioEvent(
                otherId,
                action,
                time,
                projectId,
                userId,
                assetId,
                collectionId,
                jobId,
                modelId,
                isApiKey,
                byok,
                cost,
                discount,
                usageName,
                assetKind,
                nsfwLabel);
    }
}
