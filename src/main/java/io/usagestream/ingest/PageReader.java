package io.usagestream.ingest;

import io.usagestream.ingest.ReadFailure.Severity;
import io.usagestream.plan.Backoff;
import io.usagestream.plan.Gate;
import io.usagestream.source.Failure;
import io.usagestream.source.UpstreamException;
import io.usagestream.stream.Page;
import io.usagestream.stream.PageRequest;
import io.usagestream.stream.Reason;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Gets one page: waits for the source's gate, sends the request, tries again what is worth trying. Ends with the page, with a
 * {@link ReadFailure}, or with {@link CursorRefused}.
 */
final class PageReader {
    /** How often one page is tried within a sweep. */
    static final int TRIES = 4;

    /** How often being told to wait is put up with for one page. */
    static final int THROTTLES = 12;

    /** How long after a key was refused it is tried once more: its file is read again meanwhile. */
    private static final Duration SECOND_LOOK = Duration.ofMillis(250);

    /** Upstream refused its own cursor. */
    static final class CursorRefused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        CursorRefused(String message) {
            super(message, null, false, false);
        }
    }

    private final SourceContext source;
    private final Ticker ticker;
    private final Observer observer;
    private final Map<Attempt, Ticker.Timer> waiting = new HashMap<>();
    private boolean stopped;

    PageReader(SourceContext source, Ticker ticker, Observer observer) {
        this.source = source;
        this.ticker = ticker;
        this.observer = observer;
    }

    Future<Page> read(PageRequest request, boolean hotEnd) {
        return read(request, hotEnd, () -> {}, () -> true);
    }

    /**
     * Gets one page.
     *
     * @param arrived told when an answer is there and is only to be decoded, for every answer that is tried
     * @param wanted whether the page is still wanted: once it is not, nothing is sent for it, and what waits is left unfinished
     */
    Future<Page> read(PageRequest request, boolean hotEnd, Runnable arrived, BooleanSupplier wanted) {
        Promise<Page> page = Promise.promise();
        new Attempt(request, hotEnd, arrived, wanted, page).begin();
        return page.future();
    }

    /** Nothing is sent any more; what waits, for an hour if upstream wants it so, is left unfinished and let go of. */
    void stop() {
        stopped = true;
        waiting.values().forEach(Ticker.Timer::cancel);
        waiting.clear();
    }

    private final class Attempt {
        private final PageRequest request;
        private final boolean hotEnd;
        private final Runnable arrived;
        private final BooleanSupplier wanted;
        private final Promise<Page> page;
        private int failures;
        private int throttles;

        Attempt(PageRequest request, boolean hotEnd, Runnable arrived, BooleanSupplier wanted, Promise<Page> page) {
            this.request = request;
            this.hotEnd = hotEnd;
            this.arrived = arrived;
            this.wanted = wanted;
            this.page = page;
        }

        void begin() {
            source.turnstile().enter(ticker, this::begin);
        }

        private void begin(Turnstile.Pass pass) {
            boolean over = stopped || !wanted.getAsBoolean();
            Duration wait = over ? Duration.ZERO : source.permit(hotEnd, ticker.now());
            if (over) {
                pass.leave();
            } else if (wait.isZero()) {
                send(pass);
            } else {
                pass.leave();
                observer.waiting(request.split(), wait);
                beginAfter(source.nextLook(wait));
            }
        }

        private void send(Turnstile.Pass pass) {
            if (stopped) {
                pass.leave();
                return;
            }
            Instant sent = ticker.now();
            Future.<Void>succeededFuture()
                    .compose(v -> source.upstream().read(request, () -> ticker.execute(() -> arrived(pass))))
                    .onComplete(answer -> ticker.execute(() -> {
                        Duration took = Duration.between(sent, ticker.now());
                        observer.received(request.split(), source.newlyReceived());
                        if (answer.succeeded()) {
                            source.answered(answer.result(), ticker.now());
                            source.gate().succeeded(sent);
                            observer.page(request.split(), Optional.empty(), took);
                            pass.leave();
                            page.complete(answer.result());
                        } else if (answer.cause() instanceof UpstreamException failed) {
                            observer.page(
                                    request.split(),
                                    Optional.of(failed.failure().reason()),
                                    took);
                            failed(failed.failure(), pass);
                        } else {
                            pass.leave();
                            page.fail(answer.cause());
                        }
                    }));
        }

        /** What an answer that upstream calls good teaches is in its status: the next may go while it is decoded. */
        private void arrived(Turnstile.Pass pass) {
            if (!stopped) {
                pass.leave();
                arrived.run();
            }
        }

        /** The gate first, then the next in the queue: it must find the gate as this answer left it. */
        private void failed(Failure failure, Turnstile.Pass pass) {
            if (failure instanceof Failure.Rejected rejected) {
                rejected(rejected, pass, ticker.now());
            } else {
                failed(failure);
                pass.leave();
            }
        }

        private void failed(Failure failure) {
            Instant now = ticker.now();
            if (failure instanceof Failure.Throttled throttled) {
                Optional<Duration> pause = throttled.pause().map(this::heeded);
                source.gate().throttled(throttled.reason(), pause, now, ticker.random());
                again(failure, ++throttles < THROTTLES, Duration.ZERO);
            } else if (failure instanceof Failure.Unavailable unavailable) {
                source.gate().failed(failure.reason(), now, ticker.random());
                boolean worthIt = unavailable.retry() && ++failures < TRIES;
                Duration pause = Backoff.REQUESTS.after(failures, ticker.random());
                Optional<Duration> asked = unavailable.pause().map(this::heeded).filter(p -> p.compareTo(pause) > 0);
                asked.filter(p -> worthIt).ifPresent(p -> observer.waiting(request.split(), p));
                again(failure, worthIt, asked.orElse(pause));
            } else if (failure instanceof Failure.Malformed) {
                boolean worthIt = ++failures < TRIES;
                again(failure, worthIt, Backoff.REQUESTS.after(failures, ticker.random()));
            } else if (failure instanceof Failure.CursorRefused refused) {
                page.fail(new CursorRefused(refused.message()));
            } else if (failure instanceof Failure.TooLarge) {
                page.fail(new ReadFailure(failure.reason(), failure.message(), Severity.TOO_LARGE, Optional.empty()));
            }
        }

        /** As long as upstream asked for, or the longest wait that is granted it. */
        private Duration heeded(Duration asked) {
            if (asked.compareTo(Gate.LONGEST_HINT) <= 0) {
                return asked;
            }
            observer.clamped(request.split(), asked);
            return Gate.LONGEST_HINT;
        }

        /** A refused key may just have been replaced: its file is read again, and it gets one more try, past the gate that is shut now. */
        private void rejected(Failure.Rejected rejected, Turnstile.Pass pass, Instant now) {
            if (isOfCursor(rejected)) {
                pass.leave();
                page.fail(new CursorRefused(rejected.message()));
                return;
            }
            boolean wholeSource = rejected.reason() == Reason.AUTH_REJECTED || rejected.reason() == Reason.FORBIDDEN;
            if (wholeSource) {
                boolean first = !source.gate().halted();
                source.halt(rejected.reason(), now, ticker.random());
                if (first && rejected.reason() == Reason.AUTH_REJECTED) {
                    ticker.after(SECOND_LOOK, () -> send(pass));
                    return;
                }
            }
            pass.leave();
            page.fail(new ReadFailure(
                    rejected.reason(),
                    rejected.message(),
                    wholeSource ? Severity.HALT_SOURCE : Severity.HALT_STREAM,
                    rejected.earliest()));
        }

        /**
         * The same request without a cursor was answered a page ago, so it is the cursor that is bad: expired while upstream had us
         * wait, or refused in words that nobody knows. If it is the request after all, the next one without a cursor says so.
         */
        private boolean isOfCursor(Failure.Rejected rejected) {
            return rejected.reason() == Reason.BAD_REQUEST
                    && rejected.earliest().isEmpty()
                    && request instanceof PageRequest.Buckets buckets
                    && buckets.cursor().isPresent();
        }

        private void again(Failure failure, boolean worthIt, Duration pause) {
            if (!worthIt) {
                page.fail(ReadFailure.retry(failure.reason(), failure.message()));
            } else if (pause.isZero()) {
                ticker.execute(this::begin);
            } else {
                beginAfter(pause);
            }
        }

        private void beginAfter(Duration pause) {
            waiting.put(this, ticker.after(pause, () -> {
                waiting.remove(this);
                begin();
            }));
        }
    }
}
