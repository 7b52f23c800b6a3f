package io.usagestream.ops.http;

import io.usagestream.ops.Json;
import io.usagestream.ops.health.ProbeAnswer;
import io.usagestream.ops.http.Assets.Asset;
import io.usagestream.source.Secret;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shell of everything over HTTP: the console, its API, probes, metrics. It only answers; nothing can be changed through it. A
 * token, where one is set, guards the console and the API; probes and metrics have none, as their callers expect.
 */
public final class OperationsVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(OperationsVerticle.class);
    private static final String JSON = "application/json";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
    private static final int LARGEST_LINE = 8 * 1024;
    private static final int LARGEST_HEAD = 16 * 1024;
    private static final int IDLE_SECONDS = 120;

    private final String host;
    private final int wantedPort;
    private final Optional<Token> token;
    private final Views views;
    private final Assets assets = new Assets();
    private volatile int port;

    @SuppressWarnings("NullAway.Init") // both are made when Vert.x starts the verticle
    private Feed feed;

    @SuppressWarnings("NullAway.Init")
    private HttpServer server;

    /**
     * @param port 0: any free one, see {@link #port}
     * @param token guards the console and its API
     */
    public OperationsVerticle(String host, int port, Optional<Secret> token, Views views) {
        this.host = host;
        this.wantedPort = port;
        this.token = token.map(Token::new);
        this.views = views;
    }

    /** The port that it listens on, once it is deployed. */
    public int port() {
        return port;
    }

    @Override
    public Future<?> start() {
        feed = new Feed(vertx, views.version(), views.news());
        HttpServerOptions options = new HttpServerOptions()
                .setCompressionSupported(true)
                .setMaxInitialLineLength(LARGEST_LINE)
                .setMaxHeaderSize(LARGEST_HEAD)
                .setIdleTimeout(IDLE_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS);
        return vertx.createHttpServer(options)
                .requestHandler(router())
                .listen(wantedPort, host)
                .onSuccess(listening -> {
                    server = listening;
                    port = listening.actualPort();
                });
    }

    @Override
    public Future<?> stop() {
        feed.close();
        return server.close();
    }

    private Router router() {
        Router router = Router.router(vertx);
        router.route().handler(new Headers());
        router.route().handler(OperationsVerticle::onlyReading);
        read(router, "/health/live").handler(ctx -> probe(ctx, views.live().get()));
        read(router, "/health/ready").handler(ctx -> probe(ctx, views.ready().get()));
        read(router, "/health").handler(this::health);
        read(router, "/metrics").handler(this::metrics);
        read(router, "/console/*").handler(this::asset);
        read(router, "/favicon.ico").handler(ctx -> ctx.redirect("/console/icon.svg"));
        read(router, "/").handler(this::console);
        read(router, "/api/session").handler(this::session);
        router.route("/api/*").handler(this::guard);
        read(router, "/api/status").handler(this::state);
        read(router, "/api/events").handler(ctx -> {
            // a compressed event waits in the compressor for the next one
            ctx.response().putHeader("Content-Encoding", "identity");
            feed.open(ctx);
        });
        read(router, "/api/usage").handler(this::usage);
        router.route().handler(ctx -> problem(ctx, 404, "no such page"));
        router.route().failureHandler(this::failed);
        return router;
    }

    /** A page: what GET and HEAD are answered with. */
    private static Route read(Router router, String path) {
        return router.route(path).method(HttpMethod.GET).method(HttpMethod.HEAD);
    }

    private static void onlyReading(RoutingContext ctx) {
        HttpMethod method = ctx.request().method();
        if (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD)) {
            ctx.next();
        } else {
            ctx.response().putHeader("Allow", "GET, HEAD");
            problem(ctx, 405, "only GET: nothing can be changed here");
        }
    }

    /** Beside the event loop: it goes through every split, and there may be thirty thousand. */
    private void metrics(RoutingContext ctx) {
        vertx.executeBlocking(views.metrics()::get)
                .onSuccess(text -> answer(ctx, 200, PROMETHEUS, text))
                .onFailure(ctx::fail);
    }

    private static void probe(RoutingContext ctx, ProbeAnswer said) {
        String text = Json.object(json -> {
            json.put("status", said.good() ? "up" : "down");
            json.list("because", list -> {
                for (String sentence : said.because()) {
                    list.element(sentence);
                }
            });
        });
        answer(ctx, said.good() ? 200 : 503, JSON, text);
    }

    private void health(RoutingContext ctx) {
        boolean good = views.live().get().good() && views.ready().get().good();
        vertx.executeBlocking(views.health()::get, false)
                .onSuccess(text -> answer(ctx, good ? 200 : 503, JSON, text))
                .onFailure(ctx::fail);
    }

    private void console(RoutingContext ctx) {
        if (admitted(ctx)) {
            serve(ctx, 200, assets.console());
            return;
        }
        ctx.response().putHeader("WWW-Authenticate", "Bearer realm=\"usagestream\"");
        serve(ctx, 401, assets.signIn());
    }

    private void asset(RoutingContext ctx) {
        assets.of(ctx.normalizedPath())
                .ifPresentOrElse(asset -> serve(ctx, 200, asset), () -> problem(ctx, 404, "no such file"));
    }

    /** A browser shows the token once, and gets the cookie that its later requests carry by themselves. */
    private void session(RoutingContext ctx) {
        if (token.isEmpty()) {
            answer(ctx, 204, JSON, "");
            return;
        }
        if (!token.get().bearer(header(ctx, "Authorization"))) {
            refuse(ctx);
            return;
        }
        boolean secure = ctx.request().isSSL() || "https".equals(ctx.request().getHeader("X-Forwarded-Proto"));
        ctx.response()
                .addCookie(Cookie.cookie(Token.COOKIE, token.get().cookie())
                        .setPath("/")
                        .setHttpOnly(true)
                        .setSecure(secure)
                        .setSameSite(CookieSameSite.STRICT));
        answer(ctx, 204, JSON, "");
    }

    private void guard(RoutingContext ctx) {
        if (admitted(ctx)) {
            ctx.next();
        } else {
            refuse(ctx);
        }
    }

    private boolean admitted(RoutingContext ctx) {
        Optional<String> cookie =
                Optional.ofNullable(ctx.request().getCookie(Token.COOKIE)).map(Cookie::getValue);
        return token.map(t -> t.admits(header(ctx, "Authorization"), cookie)).orElse(true);
    }

    private static void refuse(RoutingContext ctx) {
        ctx.response().putHeader("WWW-Authenticate", "Bearer realm=\"usagestream\"");
        problem(ctx, 401, "a token is needed: send it as 'Authorization: Bearer …'");
    }

    /** Thousands of streams take a moment to write down: not on the event loop. */
    private void state(RoutingContext ctx) {
        vertx.executeBlocking(views.state()::get, false)
                .onSuccess(text -> answer(ctx, 200, JSON, text))
                .onFailure(ctx::fail);
    }

    private void usage(RoutingContext ctx) {
        views.usage()
                .answer(ctx.queryParams())
                .onSuccess(a -> answer(ctx, a.status(), a.type(), a.text()))
                .onFailure(ctx::fail);
    }

    private void failed(RoutingContext ctx) {
        int status = ctx.statusCode() >= 400 ? ctx.statusCode() : 500;
        if (status >= 500) {
            LOG.atError()
                    .addKeyValue("path", ctx.normalizedPath())
                    .setCause(ctx.failure())
                    .log("page failed");
        }
        if (!ctx.response().ended() && !ctx.response().headWritten()) {
            problem(ctx, status, status >= 500 ? "it failed; the log says why" : "that request cannot be understood");
        }
    }

    private static void serve(RoutingContext ctx, int status, Asset asset) {
        // asked again each time, and answered with the tag alone while it is the same: a new version shows at once
        ctx.response().putHeader("Cache-Control", "no-cache").putHeader("ETag", asset.tag());
        if (status == 200 && asset.tag().equals(ctx.request().getHeader("If-None-Match"))) {
            ctx.response().setStatusCode(304).end();
            return;
        }
        ctx.response()
                .setStatusCode(status)
                .putHeader("Content-Type", asset.type())
                .end(asset.content());
    }

    private static void problem(RoutingContext ctx, int status, String text) {
        answer(ctx, status, JSON, Json.object(json -> json.put("error", text)));
    }

    private static void answer(RoutingContext ctx, int status, String type, String text) {
        ctx.response().setStatusCode(status).putHeader("Content-Type", type).end(text);
    }

    private static Optional<String> header(RoutingContext ctx, String name) {
        return Optional.ofNullable(ctx.request().getHeader(name));
    }
}
