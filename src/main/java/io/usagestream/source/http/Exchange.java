package io.usagestream.source.http;

import io.usagestream.source.Failure;
import io.usagestream.source.Proxy;
import io.usagestream.source.UpstreamException;
import io.usagestream.stream.Reason;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer, from the first byte to the last, on one context. Whatever happens first ends it, once: the end of
 * the answer, a deadline, a limit, a broken connection, being cancelled.
 */
final class Exchange {
    private final Vertx vertx;
    private final Limits limits;
    private final RefusalMeaning meaning;
    private final Optional<Proxy> proxy;
    private final InstantSource clock;
    private final LongAdder received;
    private final Promise<Answer> answer = Promise.promise();
    private @Nullable HttpClientRequest request;
    private @Nullable Refusal refusal;
    private @Nullable Body body;
    private long deadline = -1;
    private long headDeadline = -1;
    private boolean over;

    /** @param proxy through which the client sends it */
    Exchange(
            Vertx vertx,
            Limits limits,
            RefusalMeaning meaning,
            Optional<Proxy> proxy,
            InstantSource clock,
            LongAdder received) {
        this.vertx = vertx;
        this.limits = limits;
        this.meaning = meaning;
        this.proxy = proxy;
        this.clock = clock;
        this.received = received;
    }

    /** Sends the request; called once, on the context on which all goes on. */
    Future<Answer> begin(HttpClientAgent client, RequestOptions options) {
        client.request(options).onComplete(made -> {
            if (made.failed()) {
                fail(beforeAnswer(made.cause()));
            } else if (over) {
                made.result().exceptionHandler(cause -> {}).reset(); // whose end nobody waits for
            } else {
                send(made.result());
            }
        });
        return answer.future();
    }

    /** Ends it from outside. */
    void cancel() {
        fail(new Failure.Unavailable(Reason.CONNECT, "the request was cancelled", true, Optional.empty()));
    }

    private void send(HttpClientRequest sent) {
        request = sent;
        deadline = after(limits.whole(), "no whole answer within " + text(limits.whole()));
        headDeadline = after(limits.firstByte(), "no answer within " + text(limits.firstByte()));
        sent.exceptionHandler(cause -> {});
        sent.send().onComplete(head -> {
            if (over) {
                return;
            }
            if (head.failed()) {
                fail(beforeAnswer(head.cause()));
            } else {
                vertx.cancelTimer(headDeadline);
                head(head.result());
            }
        });
    }

    private Failure beforeAnswer(Throwable cause) {
        return proxy.map(way -> BrokenProxy.beforeAnswer(cause, way))
                .orElseGet(() -> BrokenConnection.beforeAnswer(cause));
    }

    private void head(HttpClientResponse response) {
        response.exceptionHandler(cause -> {}); // closing a connection on purpose is no news
        MultiMap headers = response.headers();
        int status = response.statusCode();
        if (status != 200) {
            refused(response);
            return;
        }
        String type = value(headers, "content-type");
        if (!type.isEmpty() && !json(type)) {
            malformed(Reason.UNEXPECTED_CONTENT_TYPE, "upstream answered with something that is not JSON");
            return;
        }
        String encoding = value(headers, "content-encoding");
        if (!readable(encoding)) {
            malformed(Reason.UNEXPECTED_CONTENT_TYPE, "upstream used a content encoding that was not asked for");
            return;
        }
        Body whole = new Body(limits.body(), encoding.contains("gzip"), announced(value(headers, "content-length")));
        body = whole;
        Optional<Instant> date = RetryHeaders.date(headers);
        response.exceptionHandler(cause -> fail(BrokenConnection.withinBody()));
        response.handler(piece -> take(whole, piece));
        response.endHandler(v -> {
            if (whole.whole()) {
                complete(new Answer(whole.bytes(), date));
            } else {
                fail(BrokenConnection.withinBody());
            }
        });
    }

    private static long announced(String length) {
        boolean number =
                !length.isEmpty() && length.length() <= 9 && length.chars().allMatch(c -> c >= '0' && c <= '9');
        return number ? Long.parseLong(length) : 0;
    }

    private void take(Body whole, Buffer piece) {
        received.add(piece.length());
        if (over) {
            return;
        }
        switch (whole.add(piece)) {
            case GOOD -> {}
            case TOO_LARGE ->
                fail(new Failure.TooLarge(
                        Reason.BODY_TOO_LARGE, "the answer has more than " + limits.body() + " bytes"));
            case BOMB ->
                fail(new Failure.TooLarge(
                        Reason.BODY_TOO_LARGE,
                        "the answer is more than " + Limits.MAX_RATIO + " times what came over the wire"));
            case CORRUPT -> malformed(Reason.TRUNCATED_BODY, "the answer's compression is corrupt");
        }
    }

    /** Reads what an error says, within a small limit; what it says last is not worth a failure of its own. */
    private void refused(HttpClientResponse response) {
        RetryHeaders headers = RetryHeaders.of(response.headers(), clock.instant());
        Optional<Instant> date = RetryHeaders.date(response.headers());
        int status = response.statusCode();
        if (status == BrokenProxy.AUTHENTICATION_REQUIRED && proxy.isPresent()) {
            fail(BrokenProxy.refused(status, proxy.get()));
            return;
        }
        ErrorBody silent = ErrorBody.of(new byte[0]);
        refusal = new Refusal(status, silent, headers, date);
        String encoding = value(response.headers(), "content-encoding");
        if (status < 400 || !readable(encoding)) {
            fail(meaning.of(refusal));
            return;
        }
        Body said = new Body(Limits.ERROR_BODY, encoding.contains("gzip"));
        body = said;
        response.exceptionHandler(cause -> refused(said));
        response.handler(piece -> {
            received.add(piece.length());
            if (!over && said.add(piece) != Body.Outcome.GOOD) {
                refused(said);
            }
        });
        response.endHandler(v -> {
            if (!over) {
                over(false);
                answer.fail(new UpstreamException(
                        meaning.of(new Refusal(status, ErrorBody.of(said.bytes()), headers, date))));
            }
        });
    }

    private void refused(Body said) {
        Refusal known = refusal;
        if (known != null) {
            fail(meaning.of(new Refusal(known.status(), ErrorBody.of(said.bytes()), known.headers(), known.date())));
        }
    }

    private long after(Duration time, String message) {
        return vertx.setTimer(Math.max(1, time.toMillis()), id -> {
            Refusal known = refusal;
            fail(
                    known != null
                            ? meaning.of(known)
                            : new Failure.Unavailable(Reason.TIMEOUT, message, true, Optional.empty()));
        });
    }

    private void malformed(Reason reason, String message) {
        fail(new Failure.Malformed(reason, message));
    }

    private void complete(Answer whole) {
        if (!over) {
            over(false);
            answer.complete(whole);
        }
    }

    private void fail(Failure failure) {
        if (!over) {
            over(true);
            answer.fail(new UpstreamException(failure));
        }
    }

    /** Stops the clocks; a connection on which an answer is still under way is closed, not pooled. */
    private void over(boolean broken) {
        over = true;
        vertx.cancelTimer(deadline);
        vertx.cancelTimer(headDeadline);
        if (body != null) {
            body.close();
        }
        if (broken && request != null) {
            request.reset();
        }
    }

    private static String text(Duration time) {
        return time.toSeconds() > 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }

    private static boolean json(String type) {
        int end = type.indexOf(';');
        String media = (end < 0 ? type : type.substring(0, end)).trim();
        return media.equals("application/json") || media.endsWith("+json") || media.equals("text/json");
    }

    private static boolean readable(String encoding) {
        return encoding.isEmpty()
                || encoding.equals("identity")
                || encoding.equals("gzip")
                || encoding.equals("x-gzip");
    }

    private static String value(MultiMap headers, String name) {
        String value = headers.get(name);
        return value == null ? "" : value.trim().toLowerCase(Locale.ROOT);
    }
}
