package io.usagestream.source.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.config.Configuration;
import io.usagestream.it.Certificates;
import io.usagestream.source.Failure;
import io.usagestream.source.Given;
import io.usagestream.source.Proxy;
import io.usagestream.source.Secret;
import io.usagestream.source.SourceSettings;
import io.usagestream.source.Upstream;
import io.usagestream.source.UpstreamException;
import io.usagestream.source.json.Redaction;
import io.usagestream.source.openai.OpenAi;
import io.usagestream.stream.PageRequest;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Window;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PfxOptions;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** Where only a proxy leads out: from the variable that names it to the bytes that it gets. */
class ProxiedUpstreamTest {
    private static final String PAGE = "{\"object\":\"page\",\"data\":[],\"has_more\":false,\"next_page\":null}";
    private static final String PASSWORD = "hunter2@home";
    private static final String ABROAD = "http://upstream.invalid/v1";

    @TempDir
    Path folder;

    private final Vertx vertx = Vertx.vertx();
    private final OpenAi provider = new OpenAi(Clock.systemUTC());

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    @Test
    void plain_requests_go_through_the_proxy_that_the_environment_names() throws Exception {
        try (RawServer upstream = RawServer.saying(RawServer.json(200, PAGE));
                ForwardProxy proxy = new ForwardProxy(upstream.port())) {
            String variable = "http://nobody:hunter2%40home@127.0.0.1:" + proxy.port();
            await(read(ABROAD, Map.of("HTTP_PROXY", variable)));

            String login =
                    Base64.getEncoder().encodeToString(("nobody:" + PASSWORD).getBytes(StandardCharsets.US_ASCII));
            assertThat(proxy.heads())
                    .singleElement()
                    .satisfies(head -> assertThat(head)
                            .startsWith("GET http://upstream.invalid/v1/organization/usage/completions?")
                            .containsIgnoringCase("proxy-authorization: Basic " + login));
        }
    }

    @Test
    void no_proxy_leads_past_it() throws Exception {
        try (RawServer proxy = RawServer.saying(RawServer.json(200, PAGE))) {
            Failure failure = failure(
                    ABROAD,
                    Map.of("HTTP_PROXY", "http://127.0.0.1:" + proxy.port(), "NO_PROXY", "other.example,.invalid"));

            assertThat(failure.reason()).isEqualTo(Reason.DNS);
            assertThat(failure.message()).isEqualTo("the host name of the base URL cannot be resolved");
            assertThat(proxy.heads()).isEmpty();
        }
    }

    @Test
    void this_machine_is_reached_without_it() throws Exception {
        try (RawServer upstream = RawServer.saying(RawServer.json(200, PAGE));
                RawServer proxy = RawServer.saying(RawServer.json(200, PAGE))) {
            await(read(upstream.base().toString(), Map.of("HTTP_PROXY", "http://127.0.0.1:" + proxy.port())));

            assertThat(proxy.heads()).isEmpty();
            assertThat(upstream.heads()).hasSize(1);
        }
    }

    /** Upstream's certificate holds at the end of the tunnel: the proxy sees neither path nor key. */
    @Test
    @ResourceLock(Resources.SYSTEM_PROPERTIES)
    void https_goes_through_a_tunnel() throws Exception {
        Certificates certificates = Certificates.make(folder);
        HttpServer upstream = await(vertx.createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setKeyCertOptions(new PfxOptions()
                                .setPath(certificates.keystore().toString())
                                .setPassword(certificates.password())))
                .requestHandler(request -> request.response()
                        .putHeader("Content-Type", "application/json")
                        .end("{}"))
                .listen(0, "127.0.0.1"));
        String trusted = System.getProperty("javax.net.ssl.trustStore");
        System.setProperty("javax.net.ssl.trustStore", trustStore(certificates).toString());
        try (ForwardProxy proxy = new ForwardProxy(upstream.actualPort())) {
            Proxy way = new Proxy("HTTPS_PROXY", "127.0.0.1", proxy.port(), Optional.empty());
            CarefulClient client = client(URI.create("https://127.0.0.1:1"), way);

            Answer answer = await(client.get("test", "/secret-path", "Bearer k"));

            assertThat(answer.body()).asString().isEqualTo("{}");
            assertThat(proxy.heads())
                    .singleElement()
                    .satisfies(head -> assertThat(head)
                            .startsWith("CONNECT 127.0.0.1:1 ")
                            .doesNotContain("secret-path", "Bearer"));
        } finally {
            if (trusted == null) {
                System.clearProperty("javax.net.ssl.trustStore");
            } else {
                System.setProperty("javax.net.ssl.trustStore", trusted);
            }
        }
    }

    @Test
    void a_proxy_that_wants_another_login_says_so_without_the_password() throws Exception {
        String answer = "HTTP/1.1 407 no hunter2@home\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n";
        try (RawServer proxy = RawServer.saying(answer)) {
            String variable = "http://nobody:hunter2%40home@127.0.0.1:" + proxy.port();
            for (String scheme : List.of("http", "https")) {
                Failure failure = failure(
                        scheme + "://upstream.invalid/v1", Map.of("HTTP_PROXY", variable, "https_proxy", variable));

                assertThat(failure).isInstanceOf(Failure.Rejected.class);
                assertThat(failure.reason()).isEqualTo(Reason.AUTH_REJECTED);
                assertThat(failure.message())
                        .isEqualTo("the proxy 127.0.0.1:" + proxy.port() + " ("
                                + (scheme.equals("http") ? "HTTP_PROXY" : "https_proxy")
                                + ") answered 407: it wants another user or password by Basic authentication");
            }
        }
    }

    @Test
    void a_proxy_that_lets_nobody_through_is_named() throws Exception {
        try (RawServer proxy = RawServer.saying("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")) {
            Failure failure =
                    failure("https://upstream.invalid/v1", Map.of("HTTPS_PROXY", "127.0.0.1:" + proxy.port()));

            assertThat(failure.reason()).isEqualTo(Reason.CONNECT);
            assertThat(failure.message())
                    .isEqualTo("the proxy 127.0.0.1:" + proxy.port()
                            + " (HTTPS_PROXY) answered 403 instead of connecting to upstream");
        }
    }

    @Test
    void a_proxy_that_cannot_be_reached_is_named() throws Exception {
        int nobody;
        try (ServerSocket closed = new ServerSocket(0)) {
            nobody = closed.getLocalPort();
        }
        for (String scheme : List.of("http", "https")) {
            String variable = scheme.toUpperCase(Locale.ROOT) + "_PROXY";
            Failure refused = failure(
                    scheme + "://upstream.invalid/v1", Map.of(variable, "http://u:hunter2@127.0.0.1:" + nobody));
            assertThat(refused.reason()).isEqualTo(Reason.CONNECT);
            assertThat(refused.message())
                    .isEqualTo("the connection to the proxy 127.0.0.1:" + nobody + " (" + variable + ") was refused");

            Failure unknown =
                    failure(scheme + "://upstream.invalid/v1", Map.of(variable, "http://u:hunter2@proxy.invalid:3128"));
            assertThat(unknown.reason()).isEqualTo(Reason.DNS);
            assertThat(unknown.message())
                    .isEqualTo("the host name of the proxy proxy.invalid:3128 (" + variable + ") cannot be resolved");
        }
    }

    @Test
    void a_proxy_that_falls_silent_or_hangs_up_is_named() throws Exception {
        try (RawServer silent = new RawServer((head, socket, out) -> Thread.sleep(60_000));
                RawServer rude = new RawServer((head, socket, out) -> socket.close())) {
            for (RawServer proxy : List.of(silent, rude)) {
                Proxy way = new Proxy("HTTPS_PROXY", "127.0.0.1", proxy.port(), Optional.empty());
                Failure failure = failure(
                        client(URI.create("https://upstream.invalid"), way).get("test", "/", "Bearer k"));

                assertThat(failure.reason()).isEqualTo(Reason.CONNECT);
                assertThat(failure.message())
                        .isEqualTo("the proxy 127.0.0.1:" + proxy.port()
                                + " (HTTPS_PROXY) made no connection to upstream");
            }
        }
    }

    /** A proxy may put what it was sent into its error page. */
    @Test
    void the_password_is_taken_out_of_what_a_proxy_says() throws Exception {
        String login = Base64.getEncoder().encodeToString(("nobody:" + PASSWORD).getBytes(StandardCharsets.US_ASCII));
        String body = "{\"message\":\"" + PASSWORD + " " + login + " went wrong\"}";
        try (RawServer proxy = RawServer.saying(RawServer.json(502, body))) {
            Failure failure =
                    failure(ABROAD, Map.of("HTTP_PROXY", "http://nobody:hunter2%40home@127.0.0.1:" + proxy.port()));

            assertThat(failure.message()).contains("went wrong").doesNotContain("hunter2", login.substring(0, 12));
        }
        SourceSettings settings = settings(ABROAD, Map.of("HTTP_PROXY", "http://nobody:hunter2%40home@127.0.0.1:1"));
        for (String form : List.of(PASSWORD, login)) {
            assertThat(new Redaction(settings.secrets()).text(form)).startsWith("<secret>");
        }
    }

    private Failure failure(String base, Map<String, String> environment) throws Exception {
        return failure(read(base, environment));
    }

    private static Failure failure(Future<?> answer) throws Exception {
        try {
            await(answer);
        } catch (ExecutionException e) {
            assertThat(e.getCause()).isInstanceOf(UpstreamException.class);
            return ((UpstreamException) e.getCause()).failure();
        }
        throw new AssertionError("no failure");
    }

    private SourceSettings settings(String base, Map<String, String> environment) throws Exception {
        Path file = Files.writeString(folder.resolve("config.yaml"), """
                kafka: {bootstrap.servers: "127.0.0.1:9092"}
                sources:
                  - name: acme
                    provider: openai
                    admin-key: sk-admin-of-this-test
                    base-url: %s
                    allow-insecure: true
                    streams: {completions: {}}
                """.formatted(base));
        return new Configuration(
                        List.of(provider),
                        environment,
                        path -> Secret.of(""),
                        Clock.systemUTC().instant())
                .of(file)
                .sources()
                .get(0);
    }

    private Future<?> read(String base, Map<String, String> environment) throws Exception {
        SourceSettings settings = settings(base, environment);
        assertThat(settings.toString()).doesNotContain("hunter2");
        Upstream upstream = provider.open(vertx, settings);
        Instant day = Window.startOf(Window.dayOf(Instant.now()));
        Window window = new Window(day, day.plus(Duration.ofDays(1)));
        return upstream.read(
                new PageRequest.Buckets(Given.stream(provider, "completions").split(), window, 7, Optional.empty()),
                () -> {});
    }

    private CarefulClient client(URI base, Proxy proxy) {
        Limits limits = new Limits(
                Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofMinutes(1), 8192, 8192);
        RefusalMeaning meaning = new RefusalMeaning(new Redaction(List.of()), (refusal, message) -> Optional.empty());
        return new CarefulClient(vertx, base, Optional.of(proxy), limits, meaning, Clock.systemUTC());
    }

    private Path trustStore(Certificates certificates) throws Exception {
        KeyStore store = KeyStore.getInstance("JKS"); // which is read without a password
        store.load(null, null);
        try (InputStream in = Files.newInputStream(certificates.authority())) {
            store.setCertificateEntry(
                    "authority", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        Path file = folder.resolve("trusted.jks");
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, new char[0]);
        }
        return file;
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(15, TimeUnit.SECONDS);
    }
}
