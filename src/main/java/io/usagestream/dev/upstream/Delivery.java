package io.usagestream.dev.upstream;

import io.usagestream.dev.upstream.fault.Afflictions;
import io.usagestream.dev.upstream.fault.Fault;
import io.usagestream.dev.upstream.http.Answer;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;

/** Brings an answer to the client, or fails to. */
final class Delivery {
    private static final Duration LATE = Duration.ofSeconds(1);
    private static final Duration DRIP = Duration.ofMillis(100);
    private static final int DROPS = 15;
    private static final Duration AHEAD = Duration.ofMinutes(10);
    private static final int WORTH_COMPRESSING = 512;

    private final Vertx vertx;
    private final HttpServerResponse response;
    private final boolean gzip;

    Delivery(Vertx vertx, HttpServerRequest request) {
        this.vertx = vertx;
        this.response = request.response();
        String encodings = request.getHeader("accept-encoding");
        this.gzip = encodings != null && encodings.contains("gzip");
    }

    void deliver(Answer answer, Afflictions afflictions, Instant now) {
        byte[] body = answer.body().bytes();
        if (afflictions.has(Fault.MALFORMED_JSON)) {
            body = Arrays.copyOf(body, body.length * 2 / 3);
        }
        response.setStatusCode(answer.status());
        answer.headers().forEach(response::putHeader);
        response.putHeader("date", HttpDate.format(afflictions.has(Fault.CLOCK_AHEAD) ? now.plus(AHEAD) : now));
        if (gzip && body.length > WORTH_COMPRESSING) {
            body = compressed(body);
            response.putHeader("content-encoding", "gzip");
        }
        send(Buffer.buffer(body), afflictions);
    }

    private void send(Buffer body, Afflictions afflictions) {
        if (afflictions.has(Fault.LATENCY)) {
            vertx.setTimer(LATE.toMillis(), timer -> end(body));
        } else if (afflictions.has(Fault.TRUNCATED)) {
            announced(body);
            response.write(half(body)).onComplete(written -> response.reset());
        } else if (afflictions.has(Fault.RESET)) {
            response.setChunked(true);
            response.write(half(body)).onComplete(written -> response.reset());
        } else if (afflictions.has(Fault.SLOW_BODY)) {
            announced(body);
            drip(body, 0);
        } else if (afflictions.has(Fault.SILENCE)) {
            announced(body);
            response.write(half(body));
        } else {
            end(body);
        }
    }

    private void end(Buffer body) {
        if (!response.closed()) {
            response.end(body);
        }
    }

    private void drip(Buffer body, int from) {
        if (response.closed()) {
            return;
        }
        int to = Math.min(body.length(), from + body.length() / DROPS + 1);
        if (to == body.length()) {
            response.end(body.getBuffer(from, to));
        } else {
            response.write(body.getBuffer(from, to));
            vertx.setTimer(DRIP.toMillis(), timer -> drip(body, to));
        }
    }

    private void announced(Buffer body) {
        response.putHeader("content-length", String.valueOf(body.length()));
    }

    private static Buffer half(Buffer body) {
        return body.getBuffer(0, body.length() / 2);
    }

    private static byte[] compressed(byte[] body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length / 4 + 64);
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }
}
