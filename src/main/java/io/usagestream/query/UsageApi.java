package io.usagestream.query;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The usage summary over HTTP: the command's parameters by the same names ({@code start-date} or {@code start_date}). One question
 * at a time reads the topics, on a thread of its own; a few wait, more are refused.
 */
public final class UsageApi {
    private static final Logger LOG = LoggerFactory.getLogger(UsageApi.class);
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int WAITING = 4;

    private final Map<String, String> properties;
    private final String prefix;
    private final Optional<URI> registry;
    private final Clock clock;
    private final WorkerExecutor worker;
    private final AtomicInteger asked = new AtomicInteger();

    /**
     * @param properties of the Kafka clients
     * @param registry the configured schema registry, if there is one
     */
    public UsageApi(Vertx vertx, Map<String, String> properties, String prefix, Optional<URI> registry, Clock clock) {
        this.properties = Map.copyOf(properties);
        this.prefix = prefix;
        this.registry = registry;
        this.clock = clock;
        this.worker = vertx.createSharedWorkerExecutor("usage", 1, LIMIT.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** A status, a content type, a text. */
    public record Reply(int status, String type, String text) {
        static Reply problem(int status, String message) {
            return new Reply(status, "text/plain; charset=utf-8", message + "\n");
        }
    }

    /** Answers; what went wrong is an answer too. */
    public Future<Reply> answer(MultiMap parameters) {
        UsageQuestion question;
        try {
            question = UsageQuestion.of(
                    parameter(parameters, "start-date"),
                    parameter(parameters, "end-date"),
                    parameter(parameters, "project-id"),
                    parameter(parameters, "include"),
                    LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC));
        } catch (IllegalArgumentException e) {
            return Future.succeededFuture(Reply.problem(400, String.valueOf(e.getMessage())));
        }
        boolean markdown = parameter(parameters, "format")
                .or(() -> parameter(parameters, "response-format"))
                .filter("markdown"::equals)
                .isPresent();
        if (asked.incrementAndGet() > WAITING) {
            asked.decrementAndGet();
            return Future.succeededFuture(Reply.problem(503, "others are being answered: ask again in a few seconds"));
        }
        return worker.executeBlocking(() -> read(question, markdown), false)
                .recover(UsageApi::failed)
                .onComplete(done -> asked.decrementAndGet());
    }

    private Reply read(UsageQuestion question, boolean markdown) {
        try (CommittedTopics topics = new CommittedTopics(properties, prefix);
                RegistrySchemas schemas = new RegistrySchemas(registry)) {
            UsageAnswer answer = new UsageReport(topics, schemas).answer(question);
            return markdown
                    ? new Reply(200, "text/markdown; charset=utf-8", UsageMarkdown.text(answer))
                    : new Reply(200, "application/json", UsageJson.text(answer));
        }
    }

    private static Future<Reply> failed(Throwable cause) {
        if (cause instanceof TooMuchException) {
            return Future.succeededFuture(Reply.problem(413, String.valueOf(cause.getMessage())));
        }
        LOG.atWarn().addKeyValue("cause", cause.toString()).log("a usage summary could not be made");
        return cause instanceof KafkaException
                ? Future.succeededFuture(Reply.problem(503, "the topics could not be read; the log says why"))
                : Future.failedFuture(cause);
    }

    private static Optional<String> parameter(MultiMap parameters, String name) {
        return Optional.ofNullable(parameters.get(name))
                .or(() -> Optional.ofNullable(parameters.get(name.replace('-', '_'))))
                .filter(text -> !text.isBlank());
    }
}
