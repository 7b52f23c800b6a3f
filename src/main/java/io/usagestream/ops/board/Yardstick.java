package io.usagestream.ops.board;

import java.util.List;
import java.util.Set;

/**
 * One way to look at usage: which measures of which streams are added up, by which dimension. Cached and audio tokens are part of
 * input and output tokens already; compute units are taken from one stream, because others show the same units again.
 *
 * @param unit what is counted; with {@link #money} each currency is a chart of its own
 * @param streams the streams that count, by name; all when empty
 */
record Yardstick(
        String id,
        String title,
        String unit,
        boolean money,
        Set<String> streams,
        Set<String> measures,
        String dimension) {
    static final List<Yardstick> ALL = List.of(
            new Yardstick("cost", "Cost", "currency", true, Set.of("costs"), Set.of("amount"), "line_item"),
            new Yardstick(
                    "tokens", "Tokens", "tokens", false, Set.of(), Set.of("input_tokens", "output_tokens"), "model"),
            new Yardstick("requests", "Requests", "requests", false, Set.of(), Set.of("num_model_requests"), "model"),
            new Yardstick("images", "Images", "images", false, Set.of("images"), Set.of("images"), "model"),
            new Yardstick("compute", "Compute units", "cu", false, Set.of("model-usages"), Set.of("cost"), "model_id"));

    boolean counts(String stream, String measure) {
        return (streams.isEmpty() || streams.contains(stream)) && measures.contains(measure);
    }
}
