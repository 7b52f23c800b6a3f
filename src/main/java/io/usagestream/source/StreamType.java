package io.usagestream.source;

import io.usagestream.stream.Grain;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One kind of record that a provider offers, as data: a new endpoint is one more of these.
 *
 * @param name as in the configuration and in ids
 * @param shape how it is read
 * @param path below the base URL
 * @param dimensions what it can be grouped by; the default of {@code group-by}
 * @param optionalDimensions what it can be grouped by when asked for by name
 * @param perPage the bucket widths that may be asked for, each with the buckets that a page of it holds, at most as many as upstream
 *     allows; empty when upstream chooses
 * @param defaultWidth the width when none is configured
 * @param lookback how long upstream may revise, unless configured
 * @param byDefault whether it is read when the configuration names no streams
 */
public record StreamType(
        String name,
        Shape shape,
        String path,
        List<String> dimensions,
        Set<String> optionalDimensions,
        Map<Grain, Integer> perPage,
        Grain defaultWidth,
        Duration lookback,
        boolean byDefault) {
    /** How a stream is read. */
    public enum Shape {
        /** Buckets of a width that is asked for, paged by cursor. */
        BUCKETS,
        /** Whole series of a fixed window; upstream chooses the width. */
        SERIES,
        /** Events at an offset. */
        LOG,
        /** What ids mean. */
        ENTITIES
    }

    /** The buckets of that width that a page holds; none for a width that may not be asked for. */
    public Optional<Integer> perPage(Grain width) {
        return Optional.ofNullable(perPage.get(width));
    }

    /** The same under another name. */
    public StreamType named(String other) {
        return new StreamType(
                other, shape, path, dimensions, optionalDimensions, perPage, defaultWidth, lookback, byDefault);
    }

    /** The same at another path. */
    public StreamType at(String other) {
        return new StreamType(
                name, shape, other, dimensions, optionalDimensions, perPage, defaultWidth, lookback, byDefault);
    }
}
