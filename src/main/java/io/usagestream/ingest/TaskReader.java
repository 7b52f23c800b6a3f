package io.usagestream.ingest;

import io.usagestream.plan.Layout;
import io.usagestream.plan.Task;
import io.usagestream.source.Clocks;
import io.usagestream.stream.PageRequest;
import io.usagestream.stream.Reason;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;

/** Reads the window that a task asks for, in pages as large as upstream puts up with; refuses what was read while a clock stepped. */
final class TaskReader {
    private final SplitMemory memory;
    private final SourceContext source;
    private final Ticker ticker;
    private final PageReader pages;
    private final WindowReader windows;
    private final PageLimit limit;

    TaskReader(SplitMemory memory, SourceContext source, Ticker ticker, Observer observer) {
        this.memory = memory;
        this.source = source;
        this.ticker = ticker;
        this.pages = new PageReader(source, ticker, observer);
        this.windows = new WindowReader(memory.split(), source, pages, ticker);
        this.limit = new PageLimit(
                memory.layout() instanceof Layout.Buckets buckets
                        ? buckets.perPage()
                        : PageRequest.Buckets.WHOLE_SERIES);
    }

    /** A window whose reading has begun. */
    final class Reading {
        private final int asked = limit.now();
        private final Duration skew = source.skew();
        private final Instant sent = ticker.now();
        private final Promise<Void> arrived = Promise.promise();
        private final Future<Complete> answer;
        private Duration time = Duration.ZERO;

        private Reading(Task task, WindowSlots.Slot slot) {
            slot.reading();
            answer = window(task, asked, arrived::tryComplete)
                    .onSuccess(complete -> limit.read(asked))
                    .onFailure(this::mayBeTooMuch)
                    .compose(complete -> {
                        time = Duration.between(sent, ticker.now());
                        return slot.read().map(complete);
                    });
        }

        /** Points of zeros that somebody wants published are not given up for an error that may be an outage. */
        private void mayBeTooMuch(Throwable cause) {
            boolean error = cause instanceof ReadFailure failure && failure.reason() == Reason.SERVER_ERROR;
            boolean zeros = memory.settings().publishZeroPoints() && memory.layout() instanceof Layout.Series;
            if (error && !zeros) {
                limit.failed(asked);
            }
        }

        /** Completes when nothing of it is to be asked for any more, as far as is known, and a large answer is still decoded; or never. */
        Future<Void> arrived() {
            return arrived.future();
        }

        /** From the first request until the last answer. */
        Duration time() {
            return time;
        }

        /** What was read, if the clocks held still from the first request until now. */
        Future<Complete> whole() {
            return answer.compose(complete -> {
                Duration stepped = source.skew().minus(skew).abs();
                boolean ahead = complete.began().isAfter(now().plus(Clocks.SKEW));
                if (ahead || stepped.compareTo(Clocks.SKEW) > 0) {
                    // nobody knows when it began, in upstream's time
                    String message = "the clock, or upstream's, stepped during the read";
                    return Future.failedFuture(ReadFailure.retry(Reason.CLOCK_SKEW, message));
                }
                return Future.succeededFuture(complete);
            });
        }
    }

    /** Sends the first request. */
    Reading begin(Task task, WindowSlots.Slot slot) {
        return new Reading(task, slot);
    }

    /** Asks for smaller pages from now on, if there are any. */
    boolean askForLess() {
        return limit.tooLarge();
    }

    /** Nothing is sent any more. */
    void stop() {
        pages.stop();
    }

    private Future<Complete> window(Task task, int asked, Runnable arrived) {
        boolean hotEnd = task.kind() == Task.Kind.HOT;
        return switch (memory.settings().type().shape()) {
            case BUCKETS, SERIES ->
                windows.buckets(task.window(), memory.layout(), asked, memory.granularity(), hotEnd, arrived);
            case LOG -> windows.slices(task.window(), task.slice(), hotEnd);
            case ENTITIES -> windows.entities(task.window());
        };
    }

    private Instant now() {
        return source.now(ticker.now());
    }
}
