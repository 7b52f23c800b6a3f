package io.usagestream.source.http;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import io.usagestream.source.Failure;
import io.usagestream.stream.Reason;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/** What it means that no answer came, or only a part of one. The texts are ours: what libraries say may quote upstream. */
final class BrokenConnection {
    private BrokenConnection() {}

    /** Before the head of the answer. */
    static Failure beforeAnswer(Throwable cause) {
        if (has(cause, UnknownHostException.class)) {
            return unavailable(Reason.DNS, "the host name of the base URL cannot be resolved", true);
        }
        if (has(cause, CertificateException.class)) {
            return unavailable(Reason.TLS, "upstream's certificate or host name could not be verified", false);
        }
        if (has(cause, SSLException.class)) {
            return unavailable(Reason.TLS, "no TLS connection could be made", true);
        }
        if (has(cause, ConnectTimeoutException.class)) {
            return unavailable(Reason.CONNECT, "no connection within the time for it", true);
        }
        if (has(cause, TooLongFrameException.class)) {
            return new Failure.Malformed(Reason.BODY_TOO_LARGE, "the head of the answer is longer than it may be");
        }
        if (has(cause, DecoderException.class) || has(cause, IllegalArgumentException.class)) {
            return new Failure.Malformed(Reason.UNEXPECTED_STATUS, "the answer is not HTTP");
        }
        if (has(cause, ConnectException.class)) {
            return unavailable(Reason.CONNECT, "the connection was refused", true);
        }
        return unavailable(Reason.CONNECT, "the connection broke before an answer", true);
    }

    /** Within the body. */
    static Failure withinBody() {
        return new Failure.Malformed(Reason.TRUNCATED_BODY, "the answer broke off");
    }

    private static Failure unavailable(Reason reason, String message, boolean retry) {
        return new Failure.Unavailable(reason, message, retry, Optional.empty());
    }

    private static boolean has(Throwable cause, Class<? extends Throwable> type) {
        return find(cause, type).isPresent();
    }

    /** The first of a type among a failure and its causes. */
    static <T extends Throwable> Optional<T> find(Throwable cause, Class<T> type) {
        return Stream.iterate(cause, t -> t != null, Throwable::getCause)
                .limit(20)
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst();
    }
}
