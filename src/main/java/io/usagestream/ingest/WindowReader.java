package io.usagestream.ingest;

import io.usagestream.dedup.LogReading;
import io.usagestream.dedup.VerifiedSlice;
import io.usagestream.plan.BucketSweep;
import io.usagestream.plan.Layout;
import io.usagestream.stream.Grain;
import io.usagestream.stream.LogRow;
import io.usagestream.stream.Page;
import io.usagestream.stream.PageRequest;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Split;
import io.usagestream.stream.Window;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads one window to its end, page after page: complete, or a {@link ReadFailure}. */
final class WindowReader {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Split split;
    private final SourceContext source;
    private final PageReader pages;
    private final Ticker ticker;

    WindowReader(Split split, SourceContext source, PageReader pages, Ticker ticker) {
        this.split = split;
        this.source = source;
        this.pages = pages;
        this.ticker = ticker;
    }

    /**
     * Reads a window of buckets.
     *
     * @param arrived told when the last answer has arrived that is to be expected, if it is one that takes a while to decode
     */
    Future<Complete> buckets(
            Window window, Layout layout, int limit, Optional<Grain> pinned, boolean hotEnd, Runnable arrived) {
        BucketSweep sweep = new BucketSweep(window, layout, limit, pinned, now());
        return new BucketReading(split, pages, sweep, hotEnd, arrived).begin();
    }

    /** Reads slices of an offset log until a window is through or one holds more than a page. */
    Future<Complete> slices(Window window, Duration length, boolean hotEnd) {
        return slices(window, window.from(), length, hotEnd, new ArrayList<>());
    }

    private Future<Complete> slices(
            Window window, Instant from, Duration length, boolean hotEnd, List<VerifiedSlice> read) {
        Instant end = from.plus(length);
        Window next = new Window(from, end.isBefore(window.to()) ? end : window.to());
        return slice(next, hotEnd).compose(complete -> {
            if (complete instanceof Complete.Slice slice) {
                read.add(slice.slice());
                return next.to().isBefore(window.to())
                        ? slices(window, next.to(), length, hotEnd, read)
                        : Future.succeededFuture(new Complete.Slice(VerifiedSlice.joined(read), Optional.empty()));
            }
            Complete.Halve halve = (Complete.Halve) complete;
            return Future.succeededFuture(
                    read.isEmpty()
                            ? halve
                            : new Complete.Slice(VerifiedSlice.joined(read), Optional.of(halve.shown())));
        });
    }

    /** Reads a slice of an offset log, which begins and ends on whole seconds. */
    Future<Complete> slice(Window window, boolean hotEnd) {
        boolean divisible = window.length().compareTo(SECOND) > 0;
        LogReading reading = new LogReading(window, source.pageSize(), divisible, now());
        Promise<Complete> done = Promise.promise();
        step(window, reading, reading.begin(), hotEnd, done);
        return done.future();
    }

    private void step(Window window, LogReading reading, LogReading.Step step, boolean hotEnd, Promise<Complete> done) {
        if (step instanceof LogReading.Step.Settled settled) {
            done.complete(new Complete.Slice(settled.slice(), Optional.empty()));
        } else if (step instanceof LogReading.Step.Halve halve) {
            done.complete(new Complete.Halve(now(), halve.shown()));
        } else if (step instanceof LogReading.Step.Unstable unstable) {
            String message = "the list did not hold still in " + unstable.passes() + " passes over " + window;
            done.fail(ReadFailure.retry(Reason.UNSTABLE_LISTING, message));
        } else if (step instanceof LogReading.Step.Read read) {
            pages.read(new PageRequest.Log(split, window, read.offset()), hotEnd)
                    .compose(page -> accept(reading, read.offset(), ((Page.Log) page).rows()))
                    .compose(next -> {
                        source.learned(reading.pageSize());
                        step(window, reading, next, hotEnd, done);
                        return Future.<Void>succeededFuture();
                    })
                    .onFailure(done::tryFail); // also what cannot happen
        }
    }

    /** The end of a pass goes through all of its rows. */
    private Future<LogReading.Step> accept(LogReading reading, long before, List<LogRow> rows) {
        Instant now = now();
        return ticker.aside((int) before + rows.size(), () -> reading.accept(rows, now));
    }

    /** Reads what ids mean. */
    Future<Complete> entities(Window window) {
        Instant began = now();
        return pages.read(new PageRequest.Entities(split, window), false)
                .map(page -> new Complete.Entities((Page.Entities) page, began));
    }

    private Instant now() {
        return source.now(ticker.now());
    }
}
