package io.usagestream.source.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.usagestream.source.Failure;
import io.usagestream.source.Proxy;
import io.usagestream.source.UpstreamException;
import io.usagestream.stream.Reason;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.ProxyOptions;
import io.vertx.core.tracing.TracingPolicy;
import java.net.URI;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Sends one GET at a time to one account and gives the whole JSON answer, or the one {@link Failure} that the attempt came to.
 *
 * <p>Redirects are never followed: a redirect to another host would hand it the credentials. Certificates and host names are
 * verified. Nothing that traces our own calls is sent along. Connections are shared by the accounts of a process, by host: with very
 * many accounts a request waits for one, and its clocks begin when it has one. A connection whose answer was not read to its end is
 * closed, and so is one that was used long enough: a host that has moved may answer at its old address for ever.
 */
public final class CarefulClient {
    private static final String SHARED = "usagestream-upstream";
    private static final int CONNECTIONS_A_HOST = 256;
    private static final int IDLE_SECONDS = 55;
    private static final String AGENT = "usagestream";

    private final Vertx vertx;
    private final URI base;
    private final Limits limits;
    private final RefusalMeaning meaning;
    private final Optional<Proxy> proxy;
    private final InstantSource clock;
    private final HttpClientAgent client;
    private final LongAdder received = new LongAdder();
    private final Set<Running> running = ConcurrentHashMap.newKeySet();

    private record Running(Context context, Exchange exchange) {}

    /**
     * @param base scheme, host, port and the path before every path
     * @param proxy the way there; empty: directly
     */
    public CarefulClient(
            Vertx vertx, URI base, Optional<Proxy> proxy, Limits limits, RefusalMeaning meaning, InstantSource clock) {
        this.vertx = vertx;
        this.base = base;
        this.proxy = proxy;
        this.limits = limits;
        this.meaning = meaning;
        this.clock = clock;
        HttpClientOptions options = new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_1_1)
                .setUseAlpn(false)
                .setConnectTimeout((int) limits.connect().toMillis())
                .setMaxHeaderSize(limits.head())
                .setMaxInitialLineLength(limits.head())
                .setDecompressionSupported(false)
                .setKeepAliveTimeout(IDLE_SECONDS)
                .setTrustAll(false)
                .setVerifyHost(true)
                .setTracingPolicy(TracingPolicy.IGNORE)
                .setSslHandshakeTimeout(limits.connect().toMillis())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setShared(true)
                .setName(SHARED
                        + '-'
                        + limits.connect().toMillis()
                        + '-'
                        + limits.kept().toMillis()
                        + '-'
                        + limits.head());
        // what breaks a connection fails its request; the library would log it as well, in upstream's words
        this.client = vertx.httpClientBuilder()
                .with(options)
                .with(new PoolOptions()
                        .setHttp1MaxSize(CONNECTIONS_A_HOST)
                        .setMaxLifetime((int) limits.kept().toMillis())
                        .setMaxLifetimeUnit(TimeUnit.MILLISECONDS))
                .withConnectHandler(connection -> connection.exceptionHandler(cause -> {}))
                .build();
    }

    /**
     * Sends one request.
     *
     * @param operation what traces are to know it by; upstream does not
     * @param path with its query, below the base URL
     * @param authorization the header's value
     */
    public Future<Answer> get(String operation, String path, String authorization) {
        if (!sendable(authorization)) {
            String message = "the credentials hold characters that no header can carry";
            return Future.failedFuture(
                    new UpstreamException(new Failure.Rejected(Reason.AUTH_REJECTED, message, Optional.empty())));
        }
        Context context = vertx.getOrCreateContext();
        Running run = new Running(context, new Exchange(vertx, limits, meaning, proxy, clock, received));
        running.add(run);
        Promise<Answer> answer = Promise.promise();
        context.runOnContext(v -> run.exchange()
                .begin(client, options(path, authorization).setTraceOperation(operation))
                .onComplete(answer));
        return answer.future().onComplete(ended -> running.remove(run));
    }

    /** Bytes of answers since it was made, as they came over the wire. */
    long received() {
        return received.sum();
    }

    /** Cancels what is under way. */
    public Future<Void> close() {
        running.forEach(run -> run.context().runOnContext(v -> run.exchange().cancel()));
        return client.close();
    }

    private RequestOptions options(String path, String authorization) {
        boolean tls = "https".equalsIgnoreCase(base.getScheme());
        int standard = tls ? 443 : 80;
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setSsl(tls)
                .setHost(base.getHost())
                .setPort(base.getPort() < 0 ? standard : base.getPort())
                .setURI(prefix() + path)
                .setFollowRedirects(false)
                .putHeader(HttpHeaderNames.AUTHORIZATION, authorization)
                .putHeader(HttpHeaderNames.ACCEPT, "application/json")
                .putHeader(HttpHeaderNames.ACCEPT_ENCODING, "gzip")
                .putHeader(HttpHeaderNames.USER_AGENT, AGENT);
        // of the request, not of the client: that one is shared, whatever way the accounts take
        proxy.ifPresent(way -> options.setProxyOptions(through(way)));
        return options;
    }

    private ProxyOptions through(Proxy way) {
        ProxyOptions options =
                new ProxyOptions().setHost(way.host()).setPort(way.port()).setConnectTimeout(limits.connect());
        way.login()
                .ifPresent(login -> options.setUsername(login.user())
                        .setPassword(login.password().reveal()));
        return options;
    }

    private String prefix() {
        String path = base.getRawPath() == null ? "" : base.getRawPath();
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    private static boolean sendable(String header) {
        return header.chars().allMatch(c -> c >= ' ' && c < 0x7f);
    }
}
