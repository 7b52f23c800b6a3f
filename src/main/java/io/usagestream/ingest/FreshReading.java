package io.usagestream.ingest;

import io.usagestream.ingest.ReadFailure.Severity;
import io.usagestream.plan.Budget;
import io.usagestream.plan.Gate;
import io.usagestream.plan.Layout;
import io.usagestream.source.Provider;
import io.usagestream.source.SourceSettings;
import io.usagestream.source.StreamSettings;
import io.usagestream.source.StreamType.Shape;
import io.usagestream.stream.PageRequest;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Window;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Reads windows of a source outside of any lane, as the loops read them: complete or not at all. Nothing is admitted and nothing is
 * committed. One window at a time.
 */
public final class FreshReading {
    /** Beside a running service half of the source's requests are left to it. */
    private static final int SHARE = 2;

    private final SourceContext source;
    private final VertxTicker ticker;
    private final PageReader pages;

    /** Opens the source's account; nothing is sent before the first read. */
    public FreshReading(
            Vertx vertx, Provider provider, SourceSettings settings, InstantSource clock, RandomGenerator random) {
        Context context = vertx.getOrCreateContext();
        this.ticker = new VertxTicker(vertx, context, clock, random);
        int requests = Math.max(1, settings.requestsPerMinute() / SHARE);
        Gate gate = new Gate(new Budget(requests, ticker.now()));
        this.source = new SourceContext(settings, provider.open(vertx, settings), gate);
        this.pages = new PageReader(source, ticker, new Observer() {});
    }

    /** The windows of a stream that hold a range, in order: whole buckets, none past what is worth asking for now. */
    public static List<Window> windows(StreamSettings stream, Window range, Instant now) {
        if (stream.type().shape() == Shape.ENTITIES) {
            return range.from().isBefore(now)
                    ? List.of(new Window(range.from(), range.to().isBefore(now) ? range.to() : now))
                    : List.of();
        }
        Layout layout = SplitMemory.layout(stream, Optional.empty());
        Duration step = layout.step();
        Instant end = range.to().isBefore(layout.readableEnd(now)) ? ceil(layout, range.to()) : layout.readableEnd(now);
        List<Window> windows = new ArrayList<>();
        for (Instant from = layout.floor(range.from()); from.isBefore(end); from = from.plus(step)) {
            Instant to = from.plus(step);
            windows.add(new Window(from, to.isBefore(end) ? to : end));
        }
        return windows;
    }

    private static Instant ceil(Layout layout, Instant time) {
        return layout.floor(time).equals(time) ? time : layout.floor(time).plus(grid(layout));
    }

    /** The distance of places where windows may begin. */
    private static Duration grid(Layout layout) {
        if (layout instanceof Layout.Buckets buckets) {
            return buckets.width().width();
        }
        return layout instanceof Layout.Series ? layout.step() : Duration.ofSeconds(1);
    }

    /**
     * Reads a window to its end; of an offset log as many slices as it takes.
     *
     * @return fails with {@link ReadFailure}
     */
    public Future<List<Complete>> read(StreamSettings stream, Window window) {
        Promise<List<Complete>> done = Promise.promise();
        ticker.execute(() -> new Reading(stream).read(window).onComplete(done));
        return done.future();
    }

    public Future<Void> close() {
        ticker.execute(pages::stop);
        return source.upstream().close();
    }

    /** One window of one stream on its way. */
    private final class Reading {
        private final StreamSettings stream;
        private final Layout layout;
        private final WindowReader reader;

        Reading(StreamSettings stream) {
            this.stream = stream;
            this.layout = SplitMemory.layout(stream, Optional.empty());
            this.reader = new WindowReader(stream.split(), source, pages, ticker);
        }

        Future<List<Complete>> read(Window window) {
            return switch (stream.type().shape()) {
                case BUCKETS, SERIES ->
                    buckets(
                            window,
                            layout instanceof Layout.Buckets b ? b.perPage() : PageRequest.Buckets.WHOLE_SERIES);
                case LOG -> slices(window);
                case ENTITIES -> reader.entities(window).map(List::of);
            };
        }

        /** What upstream finds too large is asked for in smaller pages. */
        private Future<List<Complete>> buckets(Window window, int limit) {
            return reader.buckets(window, layout, limit, Optional.empty(), false, () -> {})
                    .<List<Complete>>map(List::of)
                    .recover(e -> e instanceof ReadFailure failure && limit > 1 && isTooMuch(failure)
                            ? buckets(window, limit / 2)
                            : Future.failedFuture(e));
        }

        /** A series has one smaller form, so that an error that may mean the same costs one more try. */
        private boolean isTooMuch(ReadFailure failure) {
            return failure.severity() == Severity.TOO_LARGE
                    || failure.reason() == Reason.SERVER_ERROR
                            && layout instanceof Layout.Series
                            && !stream.publishZeroPoints();
        }

        private Future<List<Complete>> slices(Window window) {
            return reader.slice(window, false).compose(complete -> {
                if (!(complete instanceof Complete.Halve)) {
                    return Future.succeededFuture(List.of(complete));
                }
                Instant middle = window.from().plusSeconds(window.length().toSeconds() / 2);
                return slices(new Window(window.from(), middle))
                        .compose(
                                first -> slices(new Window(middle, window.to())).map(second -> {
                                    List<Complete> all = new ArrayList<>(first);
                                    all.addAll(second);
                                    return all;
                                }));
            });
        }
    }
}
