package io.usagestream.ingest;

import io.usagestream.plan.BucketSweep;
import io.usagestream.plan.BucketSweep.Step;
import io.usagestream.stream.Page;
import io.usagestream.stream.PageRequest;
import io.usagestream.stream.Split;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Optional;

/**
 * The reading of one window of buckets, part after part. While a large answer is decoded, the next part is asked for: upstream need
 * not wait for the milliseconds that this takes. The sweep takes its pages in order all the same.
 */
final class BucketReading {
    private final Split split;
    private final PageReader pages;
    private final BucketSweep sweep;
    private final boolean hotEnd;
    private final Runnable allArrived;
    private final Promise<Complete> done = Promise.promise();
    private Optional<Asked> now = Optional.empty();
    private Optional<Asked> ahead = Optional.empty();

    /** A request on its way. */
    private final class Asked {
        private final Step.Read read;
        private final Future<Page> page;
        private boolean arrived;

        private Asked(Step.Read read) {
            this.read = read;
            this.page = pages.read(
                    new PageRequest.Buckets(split, read.window(), read.limit(), read.cursor()),
                    hotEnd,
                    this::arrived,
                    () -> !done.future().isComplete());
        }

        private void arrived() {
            arrived = true;
            askAhead();
        }
    }

    /** @param allArrived told when the last answer has arrived that is to be expected, and is only to be decoded */
    BucketReading(Split split, PageReader pages, BucketSweep sweep, boolean hotEnd, Runnable allArrived) {
        this.split = split;
        this.pages = pages;
        this.sweep = sweep;
        this.hotEnd = hotEnd;
        this.allArrived = allArrived;
    }

    Future<Complete> begin() {
        step(sweep.begin());
        return done.future();
    }

    private void step(Step step) {
        if (step instanceof Step.Complete complete) {
            done.complete(new Complete.Buckets(complete.sweep()));
        } else if (step instanceof Step.Failed failed) {
            done.fail(ReadFailure.retry(failed.reason(), failed.message()));
        } else if (step instanceof Step.Read read) {
            Asked asked = askedFor(read);
            now = Optional.of(asked);
            askAhead();
            // what cannot happen ends the reading, too
            asked.page.transform(this::ended).onFailure(done::tryFail);
        }
    }

    /** The request, unless it is on its way. A cursor comes between a part and the next. */
    private Asked askedFor(Step.Read read) {
        Optional<Asked> known = ahead.filter(asked -> asked.read.equals(read));
        if (known.isPresent()) {
            ahead = Optional.empty();
        }
        return known.orElseGet(() -> new Asked(read));
    }

    private void askAhead() {
        boolean here = now.filter(asked -> asked.arrived).isPresent();
        if (here && ahead.isEmpty() && !done.future().isComplete()) {
            ahead = sweep.following().map(Asked::new);
            if (ahead.isEmpty()) {
                allArrived.run();
            }
        }
    }

    private Future<Void> ended(AsyncResult<Page> page) {
        if (page.succeeded()) {
            step(sweep.accept((Page.Buckets) page.result()));
        } else if (page.cause() instanceof PageReader.CursorRefused) {
            step(sweep.cursorRefused());
        } else {
            done.fail(page.cause());
        }
        return Future.succeededFuture();
    }
}
