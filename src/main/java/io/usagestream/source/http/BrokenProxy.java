package io.usagestream.source.http;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.proxy.ProxyConnectException;
import io.usagestream.source.Failure;
import io.usagestream.source.Proxy;
import io.usagestream.stream.Reason;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What it means that a proxy led to no answer. Each text names the proxy: behind it nothing of upstream can be seen. */
final class BrokenProxy {
    static final int AUTHENTICATION_REQUIRED = 407;

    private static final Pattern STATUS = Pattern.compile("status: (\\d{3})\\b");

    private BrokenProxy() {}

    /** Before the head of an answer of upstream. */
    static Failure beforeAnswer(Throwable cause, Proxy proxy) {
        Optional<ProxyConnectException> refused = BrokenConnection.find(cause, ProxyConnectException.class);
        if (refused.isPresent()) {
            return status(refused.get())
                    .map(status -> refused(status, proxy))
                    .orElseGet(() -> connect("the proxy " + proxy + " made no connection to upstream"));
        }
        if (BrokenConnection.find(cause, UnknownHostException.class).isPresent()) {
            return unavailable(Reason.DNS, "the host name of the proxy " + proxy + " cannot be resolved", true);
        }
        if (BrokenConnection.find(cause, ConnectTimeoutException.class).isPresent()) {
            return connect("no connection to the proxy " + proxy + " within the time for it");
        }
        if (BrokenConnection.find(cause, ConnectException.class).isPresent()) {
            return connect("the connection to the proxy " + proxy + " was refused");
        }
        Failure behind = BrokenConnection.beforeAnswer(cause);
        return behind instanceof Failure.Unavailable known
                ? unavailable(known.reason(), known.message() + ", through the proxy " + proxy, known.retry())
                : behind;
    }

    /** The proxy answered in upstream's place. */
    static Failure refused(int status, Proxy proxy) {
        if (status == AUTHENTICATION_REQUIRED) {
            String message = "the proxy " + proxy + " answered 407: it wants "
                    + (proxy.login().isPresent() ? "another user or password" : "a user and a password")
                    + " by Basic authentication";
            return new Failure.Rejected(Reason.AUTH_REJECTED, message, Optional.empty());
        }
        return connect("the proxy " + proxy + " answered " + status + " instead of connecting to upstream");
    }

    /** The digits alone: the rest of the text is the proxy's. */
    private static Optional<Integer> status(ProxyConnectException refused) {
        Matcher status = STATUS.matcher(String.valueOf(refused.getMessage()));
        return status.find() ? Optional.of(Integer.parseInt(status.group(1))) : Optional.empty();
    }

    private static Failure connect(String message) {
        return unavailable(Reason.CONNECT, message, true);
    }

    private static Failure unavailable(Reason reason, String message, boolean retry) {
        return new Failure.Unavailable(reason, message, retry, Optional.empty());
    }
}
