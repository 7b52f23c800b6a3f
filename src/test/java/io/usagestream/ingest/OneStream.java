package io.usagestream.ingest;

import io.usagestream.plan.Budget;
import io.usagestream.plan.Gate;
import io.usagestream.source.SourceSettings;
import io.usagestream.source.StreamSettings;
import io.usagestream.source.StreamType;
import io.usagestream.source.StreamType.Shape;
import io.usagestream.source.Upstream;
import io.usagestream.stream.Bucket;
import io.usagestream.stream.Grain;
import io.usagestream.stream.Page;
import io.usagestream.stream.PageRequest;
import io.usagestream.stream.Split;
import io.usagestream.stream.Window;
import io.vertx.core.Future;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** A source with one stream of hours, 168 to a page, polled every minute. */
final class OneStream {
    static final Split SPLIT = new Split("openai", "acme", "completions");

    private OneStream() {}

    static SourceSettings source(Instant start) {
        return source(start, Shape.BUCKETS, Duration.ofHours(168));
    }

    /** The same in pages of other lengths. */
    static SourceSettings source(Instant start, Duration window) {
        return source(start, Shape.BUCKETS, window);
    }

    /** The same as an offset log in slices of at most a day. */
    static SourceSettings log(Instant start) {
        return source(start, Shape.LOG, Duration.ofDays(1));
    }

    /** The same as series of a day, of which upstream chooses the granularity. */
    static SourceSettings series(Instant start) {
        return source(start, Shape.SERIES, Duration.ofDays(1));
    }

    /** The same as what ids mean. */
    static SourceSettings entities(Instant start) {
        return source(start, Shape.ENTITIES, Duration.ofDays(1));
    }

    /** The source at work from now on, with an upstream that answers at once what is asked for a window. */
    static SourceContext answering(Instant start, Instant now, Function<Window, Future<Page>> answer) {
        return answering(start, now, 6_000, answer);
    }

    /** The same with so many requests a minute. */
    static SourceContext answering(Instant start, Instant now, int perMinute, Function<Window, Future<Page>> answer) {
        Upstream upstream = new Upstream() {
            @Override
            public Future<Page> read(PageRequest request, Runnable arrived) {
                return answer.apply(((PageRequest.Buckets) request).window());
            }

            @Override
            public Future<Void> close() {
                return Future.succeededFuture();
            }
        };
        return new SourceContext(source(start), upstream, new Gate(new Budget(perMinute, now)));
    }

    /** Buckets without rows. */
    static Page empty(Window window) {
        List<Bucket> buckets = new ArrayList<>();
        for (Instant at = window.from(); at.isBefore(window.to()); at = at.plus(Duration.ofHours(1))) {
            buckets.add(new Bucket(at, at.plus(Duration.ofHours(1)), List.of(), List.of()));
        }
        return new Page.Buckets(Optional.empty(), Grain.HOUR, buckets, List.of(), false, Optional.empty(), false);
    }

    private static SourceSettings source(Instant start, Shape shape, Duration window) {
        StreamType type = new StreamType(
                SPLIT.stream(),
                shape,
                "/x",
                List.of("project_id"),
                Set.of(),
                Map.of(Grain.HOUR, 168),
                Grain.HOUR,
                Duration.ofHours(48),
                true);
        StreamSettings stream = new StreamSettings(
                SPLIT,
                type,
                Grain.HOUR,
                window,
                List.of("project_id"),
                List.of(),
                Optional.of(start),
                Duration.ofMinutes(1),
                Duration.ofHours(24),
                Duration.ofHours(1),
                Duration.ofHours(48),
                Duration.ZERO,
                false,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ofDays(62),
                new TreeMap<>());
        return new SourceSettings(
                SPLIT.source(),
                SPLIT.provider(),
                URI.create("http://127.0.0.1"),
                Optional.empty(),
                "",
                Map.of(),
                List.of(),
                List.of(),
                Optional.empty(),
                new SourceSettings.UserIds.Keep(),
                1 << 20,
                6_000,
                List.of(stream));
    }
}
