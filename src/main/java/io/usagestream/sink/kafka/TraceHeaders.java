package io.usagestream.sink.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.usagestream.stream.Split;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * The headers by which records carry on a trace.
 *
 * @param size bytes that they need at most on the wire
 */
public record TraceHeaders(Function<Split, Map<String, String>> context, int size) {
    /** No record carries any. */
    public static final TraceHeaders NONE = new TraceHeaders(split -> Map.of(), 0);

    /** W3C's traceparent has 55 characters; there is no tracestate in a trace that begins here. */
    private static final int W3C = 128;

    /** @param context W3C trace context of a split's turn, by header */
    public static TraceHeaders of(Function<Split, Map<String, String>> context) {
        return new TraceHeaders(context, W3C);
    }

    List<Header> of(Split split) {
        return context.apply(split).entrySet().stream()
                .<Header>map(header ->
                        new RecordHeader(header.getKey(), header.getValue().getBytes(UTF_8)))
                .toList();
    }
}
