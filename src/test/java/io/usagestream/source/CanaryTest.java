package io.usagestream.source;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.read.ListAppender;
import ch.qos.logback.core.spi.FilterReply;
import io.usagestream.source.http.Limits;
import io.usagestream.source.http.RawServer;
import io.usagestream.source.openai.OpenAi;
import io.usagestream.source.scenario.Scenario;
import io.usagestream.stream.Page;
import io.usagestream.stream.PageRequest;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A secret and a mail address planted wherever they can be, and looked for wherever they could come out. */
class CanaryTest {
    private static final String SECRET = "sk-admin-Canary/Secret+7";
    private static final String API_KEY = "api_CanaryKey";
    private static final String API_SECRET = "CanaryApiSecret=9";
    private static final String MAIL = "canary.person@example.com";
    private static final Vertx VERTX = Vertx.vertx();
    private static final Limits LIMITS = new Limits(
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofMinutes(5),
            8 * 1024,
            1 << 20);

    private final Logger root = ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger("ROOT");
    private final ListAppender<ILoggingEvent> logs = new ListAppender<>();
    private final List<String> shown = new ArrayList<>();
    private Level before = Level.INFO;
    private Map<Logger, Level> quiet = Map.of();

    @AfterAll
    static void close() throws Exception {
        VERTX.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    @BeforeEach
    void listen() {
        before = root.getLevel();
        logs.start();
        root.addAppender(logs);
        root.setLevel(Level.DEBUG);
        quiet = new HashMap<>();
        for (Logger logger : root.getLoggerContext().getLoggerList()) {
            if (logger != root && logger.getLevel() != null) {
                quiet.put(logger, logger.getLevel());
                logger.setLevel(Level.DEBUG);
            }
        }
        root.iteratorForAppenders().forEachRemaining(appender -> {
            if (appender != logs) {
                appender.addFilter(new AboveInfo());
            }
        });
    }

    @AfterEach
    void stopListening() {
        root.detachAppender(logs);
        root.setLevel(before);
        quiet.forEach(Logger::setLevel);
        root.iteratorForAppenders().forEachRemaining(appender -> appender.clearAllFilters());
    }

    /** Keeps the console readable while everything is listened to. */
    private static final class AboveInfo extends Filter<ILoggingEvent> {
        @Override
        public FilterReply decide(ILoggingEvent event) {
            return event.getLevel().isGreaterOrEqual(Level.ERROR) ? FilterReply.NEUTRAL : FilterReply.DENY;
        }
    }

    /** Every form in which these travel. */
    private static List<String> forms(String... planted) {
        List<String> forms = new ArrayList<>();
        for (String secret : planted) {
            byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
            forms.add(secret);
            forms.add(URLEncoder.encode(secret, StandardCharsets.UTF_8));
            forms.add(Base64.getEncoder().encodeToString(bytes));
            forms.add(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
        }
        return forms;
    }

    private void read(
            Provider provider, URI base, Map<String, Secret> credentials, PageRequest request, StreamSettings stream)
            throws Exception {
        SourceSettings settings = Given.source(
                provider, base, credentials, new SourceSettings.UserIds.Hash(Secret.of("pepper")), List.of(stream));
        shown.add(settings.toString());
        Upstream upstream = provider instanceof OpenAi openAi
                ? openAi.open(VERTX, settings, LIMITS)
                : ((Scenario) provider).open(VERTX, settings, LIMITS);
        try {
            Page page = upstream.read(request)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS);
            shown.add(page.toString());
        } catch (ExecutionException e) {
            assertThat(e.getCause()).isInstanceOf(UpstreamException.class);
            shown.add(e.getCause().toString());
            shown.add(((UpstreamException) e.getCause()).failure().toString());
        } finally {
            shown.add(upstream.drift().of(request.split().stream()).toString());
            upstream.close();
        }
    }

    private void openAi(URI base) throws Exception {
        OpenAi openAi = new OpenAi(InstantSource.fixed(Given.DAY.plusSeconds(86_400)));
        read(
                openAi,
                base,
                Map.of("admin-key", Secret.of(SECRET)),
                new PageRequest.Buckets(Given.split(openAi, "completions"), Given.ONE_DAY, 24, Optional.empty()),
                Given.stream(openAi, "completions"));
    }

    private void scenario(URI base) throws Exception {
        Scenario scenario = new Scenario(InstantSource.fixed(Given.DAY.plusSeconds(86_400)));
        Map<String, Secret> pair = Map.of("api-key", Secret.of(API_KEY), "api-secret", Secret.of(API_SECRET));
        List<PageRequest> requests = List.of(
                new PageRequest.Buckets(Given.split(scenario, "usages"), Given.ONE_DAY, 24, Optional.empty()),
                new PageRequest.Log(Given.split(scenario, "activity"), Given.ONE_DAY, 0),
                new PageRequest.Entities(Given.split(scenario, "entities"), Given.ONE_DAY));
        for (PageRequest request : requests) {
            read(scenario, base, pair, request, Given.stream(scenario, request.split().stream()));
        }
    }

    private static List<String> answers(String text) {
        return List.of(
                RawServer.json(
                        401,
                        "{\"error\":{\"message\":\"Incorrect API key provided: " + text + ".\",\"code\":\"" + text
                                + "\"}}"),
                RawServer.json(400, "{\"message\":\"no " + text + "\",\"error\":\"" + text + "\"}"),
                RawServer.json(500, text),
                RawServer.json(429, "{\"error\":{\"type\":\"" + text + "\"}}", "X-Echo: " + text),
                RawServer.json(302, "", "Location: https://example.com/" + text),
                RawServer.json(200, text),
                RawServer.json(200, "{\"error\":{\"message\":\"" + text + "\"}}"),
                RawServer.json(200, "{\"" + text + "\":1,\"data\":\"" + text + "\",\"has_more\":\"" + text + "\"}"),
                RawServer.json(200, bad(text)),
                RawServer.answer(200, "text/" + text, 3) + "abc",
                "HTTP/1.1 " + text + "\r\n\r\n");
    }

    @Test
    void nothing_planted_ever_comes_out() throws Exception {
        for (String canary : forms(SECRET, MAIL)) {
            for (String answer : answers(canary)) {
                try (RawServer server = RawServer.saying(answer)) {
                    openAi(server.base());
                }
            }
        }
        for (String canary : forms(API_KEY, API_SECRET, API_KEY + ":" + API_SECRET, MAIL)) {
            for (String answer : answers(canary)) {
                try (RawServer server = RawServer.saying(answer)) {
                    scenario(server.base());
                }
            }
        }
        assertThat(shown).hasSizeGreaterThan(500);
        assertThat(shown.stream().filter(text -> text.contains("Quarantined")).count())
                .as("rows were set aside")
                .isGreaterThan(20);
        assertThat(logs.list).as("something was logged").isNotEmpty();
        List<String> all = new ArrayList<>(shown);
        List.copyOf(logs.list)
                .forEach(e -> all.add(e.getLoggerName()
                        + e.getFormattedMessage()
                        + e.getKeyValuePairs()
                        + cause(e.getThrowableProxy())));
        for (String canary : forms(SECRET, API_KEY, API_SECRET, API_KEY + ":" + API_SECRET, MAIL)) {
            assertThat(all.stream().filter(text -> text.contains(canary)).limit(3))
                    .as(canary)
                    .isEmpty();
        }
    }

    private static String cause(@Nullable IThrowableProxy thrown) {
        return thrown == null ? "" : ThrowableProxyUtil.asString(thrown);
    }

    /** One answer with a bad row for every decoder, and the canary in every place that a row has for text. */
    private static String bad(String text) {
        String noise = "\"note\":\"see " + text + "\",\"email\":\"" + text + "\",\"nested\":[{\"deep\":\"" + text
                + "\"}],\"" + text + "\":\"x\",\"input\":{\"prompt\":\"" + text + "\"}";
        return "{\"data\":[{\"start_time\":1795046400,\"end_time\":1795050000,\"results\":["
                + "{\"object\":\"organization.usage.completions.result\",\"input_tokens\":-1," + noise
                + "},{\"object\":\"" + text
                + "\"}]},{\"start_time\":\"" + text + "\"," + noise + "}],\"has_more\":false,"
                + "\"usages\":[{\"usageName\":\"captioning\",\"granularity\":\"1h\",\"points\":[{\"time\":\"" + text
                + "\","
                + noise + "}]}],"
                + "\"activity\":[{\"action\":\"a\",\"time\":\"" + text
                + "\",\"userId\":\"u\",\"projectId\":\"p\",\"data\":{}," + noise
                + "}],"
                + "\"entities\":{\"models\":[{\"name\":7," + noise + "}],\"users\":[{\"id\":\"u\",\"email\":\"" + text
                + "\"}],\"jobs\":[{\"id\":\"j\"," + noise + "}]}}";
    }
}
