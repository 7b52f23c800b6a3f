package io.usagestream.query;

import io.usagestream.stream.Publication.EntityChange;
import io.usagestream.stream.Publication.EventRevision;
import io.usagestream.stream.Publication.Progress;
import io.usagestream.stream.Split;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A usage summary.
 *
 * @param readOnceMore streams that are in no total, because they read what another one reads
 * @param streams the totals of every stream; their names are the lines' names
 * @param consumption by user
 * @param models by model, the most costly first
 * @param assets by kind of asset
 * @param costs OpenAI's costs by line item
 * @param counts how many lines each heavy section has
 * @param sections the heavy sections that were asked for and are made of lines
 * @param activity the events, newest first, if they were asked for
 * @param entities what ids mean: all that the lines name when asked for, else those of models alone
 * @param freshness how far each split is read and final
 * @param notes what a reader must know, in sentences
 */
public record UsageAnswer(
        UsageQuestion question,
        Set<Split> readOnceMore,
        List<UsageLine> streams,
        List<UsageLine> consumption,
        List<UsageLine> models,
        List<UsageLine> assets,
        List<UsageLine> costs,
        Map<UsageSection, Long> counts,
        Map<UsageSection, List<UsageLine>> sections,
        Optional<List<EventRevision>> activity,
        List<EntityChange> entities,
        List<Progress> freshness,
        List<String> notes) {
    /** The name of a model, where it is known. */
    Optional<String> nameOf(String kind, String source, String id) {
        return entities.stream()
                .filter(e -> e.split().source().equals(source)
                        && e.entity().kind().equals(kind)
                        && e.entity().id().equals(id))
                .flatMap(e -> e.entity().name().stream())
                .findFirst();
    }
}
