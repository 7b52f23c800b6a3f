package io.usagestream.simulation;

import io.usagestream.source.Upstream;
import io.usagestream.stream.Event;
import io.usagestream.stream.LogRow;
import io.usagestream.stream.Measure;
import io.usagestream.stream.Page;
import io.usagestream.stream.PageRequest;
import io.usagestream.stream.Window;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An activity log of any length that occupies no memory: an event every three seconds since a time. A hundred a page, newest
 * first.
 */
final class LongLog implements Upstream {
    static final int PAGE = 100;
    static final Duration PACE = Duration.ofSeconds(3);

    private final SimWorld world;
    private final Instant from;
    private int requests;

    LongLog(SimWorld world, Instant from) {
        this.world = world;
        this.from = from;
    }

    /** Requests answered so far. */
    int requests() {
        return requests;
    }

    @Override
    public Future<Page> read(PageRequest request, Runnable arrived) {
        Promise<Page> promise = Promise.promise();
        world.in(20, () -> {
            requests++;
            PageRequest.Log of = (PageRequest.Log) request;
            Window window = of.window();
            long first = firstAtOrAfter(window.from());
            long end = Math.min(firstAtOrAfter(window.to()), firstAtOrAfter(world.now()));
            List<LogRow> page = new ArrayList<>();
            for (long i = end - 1 - of.offset(); i >= first && page.size() < PAGE; i--) {
                page.add(event(i));
            }
            promise.complete(new Page.Log(Optional.of(world.now()), page));
        });
        return promise.future();
    }

    @Override
    public Future<Void> close() {
        return Future.succeededFuture();
    }

    private Instant time(long number) {
        return from.plusMillis(number * PACE.toMillis());
    }

    /** The number of the first event at or after a time. */
    private long firstAtOrAfter(Instant time) {
        long millis = Duration.between(from, time).toMillis();
        return Math.max(0, -Math.floorDiv(-millis, PACE.toMillis()));
    }

    private Event event(long number) {
        return new Event(
                "inference",
                time(number),
                "proj_" + number % 40,
                "user_" + number % 300,
                Optional.of("asset_" + Long.toHexString(number * 0x9E3779B97F4A7C15L)),
                Optional.empty(),
                Optional.of("job_" + Long.toHexString(number * 0xC2B2AE3D27D4EB4FL)),
                Optional.of("model_" + number % 20),
                Optional.of(true),
                Optional.empty(),
                Optional.of(Measure.of(BigDecimal.valueOf(number % 97, 1), Event.COST_UNIT)));
    }
}
