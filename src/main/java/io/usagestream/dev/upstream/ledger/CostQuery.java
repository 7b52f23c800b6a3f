package io.usagestream.dev.upstream.ledger;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is asked of an account's costs, which come in UTC days.
 *
 * @param groupBy dimensions, in the order in which rows give them
 * @param filters values that are let through, by dimension
 * @param from inclusive; the first day is clipped to it
 * @param to exclusive; the last day is clipped to it
 */
public record CostQuery(int account, List<String> groupBy, Map<String, Set<String>> filters, Instant from, Instant to) {
    public static final String LINE_ITEM = "line_item";

    /** What the description lets costs be grouped by. */
    public static final List<String> DIMENSIONS = List.of("project_id", LINE_ITEM, "api_key_id");

    /** What only OpenAI's client 7.55.0 knows beside that. */
    public static final List<String> MORE_DIMENSIONS = List.of("user_id", "api_source");

    /** The only currency of the simulation. */
    public static final String CURRENCY = "usd";

    boolean admits(Usage usage) {
        return filters.entrySet().stream()
                .filter(filter -> !filter.getKey().equals(LINE_ITEM))
                .allMatch(filter -> usage.dimension(filter.getKey())
                        .filter(filter.getValue()::contains)
                        .isPresent());
    }

    boolean admits(Charge charge) {
        Set<String> items = filters.get(LINE_ITEM);
        return items == null || items.contains(charge.lineItem());
    }
}
