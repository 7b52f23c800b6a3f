package io.usagestream.source.http;

import java.time.Duration;

/**
 * What one request may cost.
 *
 * @param connect until the connection and TLS stand
 * @param firstByte from sending the request to the head of the answer
 * @param whole from sending the request to the end of the answer; waiting for a connection comes before it
 * @param kept how old a connection gets: it is closed at its next rest, and its successor looks the host name up anew
 * @param head bytes of status line and headers
 * @param body bytes of the body, decompressed
 */
public record Limits(Duration connect, Duration firstByte, Duration whole, Duration kept, int head, long body) {
    /** How much more a compressed body may be than what came over the wire, once it is large enough to hurt. */
    static final int MAX_RATIO = 100;

    /** Below this a body is small whatever its ratio: zero-filled series compress well. */
    static final long RATIO_COUNTS_FROM = 1 << 20;

    /** Bytes that are read of an answer that is an error. */
    static final int ERROR_BODY = 64 * 1024;

    /** The limits of production. */
    public static Limits of(long maxBody) {
        return new Limits(
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                Duration.ofSeconds(120),
                Duration.ofMinutes(5),
                8 * 1024,
                maxBody);
    }
}
