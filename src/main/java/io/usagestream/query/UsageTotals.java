package io.usagestream.query;

import io.usagestream.stream.Split;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The headline of a usage summary: a few numbers over all sources. */
final class UsageTotals {
    private UsageTotals() {}

    /**
     * One number of the headline.
     *
     * @param key its name in JSON
     * @param label its name for people
     */
    record Total(String key, String label, BigDecimal value, String unit) {}

    static List<Total> of(UsageAnswer answer) {
        List<Total> totals = new ArrayList<>();
        List<UsageLine> streams = answer.streams().stream()
                .filter(line -> !answer.readOnceMore()
                        .contains(new Split(
                                line.provider(), line.source(), line.name().orElse(""))))
                .toList();
        if (has(streams, "consumption")) {
            add(totals, "computeUnits", "Compute units used", named(streams, "consumption"), "value/cu");
            add(
                    totals,
                    "computeUnitsDiscount",
                    "Compute units discounted",
                    named(streams, "consumption"),
                    "discount/cu");
            add(
                    totals,
                    "computeUnitsTotal",
                    "Compute units before discount",
                    named(streams, "consumption"),
                    "total/cu");
        }
        Map<String, BigDecimal> money = new TreeMap<>();
        named(streams, "costs")
                .forEach(line -> line.sums().forEach((name, sum) -> {
                    if (name.startsWith("amount/")) {
                        money.merge(name.substring("amount/".length()), sum, BigDecimal::add);
                    }
                }));
        money.forEach((currency, amount) ->
                totals.add(new Total(money.size() == 1 ? "cost" : "cost_" + currency, "Cost", amount, currency)));
        add(totals, "modelRequests", "Model requests", streams, "num_model_requests/requests");
        add(totals, "inputTokens", "Input tokens", streams, "input_tokens/tokens");
        add(totals, "outputTokens", "Output tokens", streams, "output_tokens/tokens");
        add(totals, "jobs", "Jobs", named(streams, "model-usages"), "jobs/jobs");
        add(totals, "assets", "Assets", named(streams, "asset-usages"), "count/assets");
        if (has(streams, "activity")) {
            long events = named(streams, "activity").stream()
                    .mapToLong(UsageLine::rows)
                    .sum();
            totals.add(new Total("events", "Activity events", BigDecimal.valueOf(events), "events"));
        }
        return totals;
    }

    /** What to do next, in a sentence. */
    static String hint(UsageAnswer answer) {
        if (answer.streams().isEmpty()) {
            return "no usage between these days: see `freshness` for how far each stream is read";
        }
        String more = List.of(UsageSection.values()).stream()
                .filter(s -> !answer.question().includes(s) && answer.counts().getOrDefault(s, 0L) > 0)
                .map(UsageSection::word)
                .collect(Collectors.joining(","));
        return more.isEmpty() ? "everything is included" : "for more, include " + more;
    }

    private static void add(List<Total> totals, String key, String label, List<UsageLine> lines, String sum) {
        if (lines.stream().anyMatch(line -> line.sums().containsKey(sum))) {
            BigDecimal value = lines.stream().map(line -> line.sum(sum)).reduce(BigDecimal.ZERO, BigDecimal::add);
            totals.add(new Total(key, label, value, sum.substring(sum.indexOf('/') + 1)));
        }
    }

    private static List<UsageLine> named(List<UsageLine> streams, String stream) {
        return streams.stream()
                .filter(line -> line.name().filter(stream::equals).isPresent())
                .toList();
    }

    private static boolean has(List<UsageLine> streams, String stream) {
        return !named(streams, stream).isEmpty();
    }
}
