package io.usagestream.ops.http;

import io.usagestream.ops.health.ProbeAnswer;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What the pages show.
 *
 * @param state everything, as JSON
 * @param news what is sent again and again, as JSON: bounded
 * @param health one entry a source, as JSON
 * @param metrics in Prometheus' text format
 * @param version rises when the state changes
 * @param usage answers {@code /api/usage} from the query parameters
 */
public record Views(
        Supplier<ProbeAnswer> live,
        Supplier<ProbeAnswer> ready,
        Supplier<String> state,
        Supplier<String> news,
        Supplier<String> health,
        Supplier<String> metrics,
        LongSupplier version,
        Usage usage) {
    /** Computes a usage summary; may take long and must not block. */
    @FunctionalInterface
    public interface Usage {
        Future<Answer> answer(MultiMap parameters);
    }

    /** An answer of its own making: a status, a type, a text. */
    public record Answer(int status, String type, String text) {}
}
