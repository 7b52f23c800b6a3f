package io.usagestream.query;

import io.usagestream.stream.Split;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    private static final List<String> PARAMETERS =
            List.of("start-date", "end-date", "project-id", "include", "format", "response-format");

    private final Map<String, String> properties;
    private final String prefix;
    private final Optional<URI> registry;
    private final Set<Split> readOnceMore;
    private final Clock clock;
    private final WorkerExecutor worker;
    private final AtomicInteger asked = new AtomicInteger();

    /**
     * @param properties of the Kafka clients
     * @param registry the configured schema registry, if there is one
     * @param readOnceMore streams that read what another one reads
     */
    public UsageApi(
            Vertx vertx,
            Map<String, String> properties,
            String prefix,
            Optional<URI> registry,
            Set<Split> readOnceMore,
            Clock clock) {
        this.properties = Map.copyOf(properties);
        this.prefix = prefix;
        this.registry = registry;
        this.readOnceMore = Set.copyOf(readOnceMore);
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
        boolean markdown;
        try {
            requireKnown(parameters);
            markdown = markdown(parameters);
            question = UsageQuestion.of(
                    parameter(parameters, "start-date"),
                    parameter(parameters, "end-date"),
                    parameter(parameters, "project-id"),
                    parameter(parameters, "include"),
                    LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC));
        } catch (IllegalArgumentException e) {
            return Future.succeededFuture(Reply.problem(400, String.valueOf(e.getMessage())));
        }
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
            UsageAnswer answer = new UsageReport(topics, schemas, readOnceMore).answer(question);
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

    /** A parameter that is not known, or is there twice, would be left out unsaid, and the answer be one to another question. */
    private static void requireKnown(MultiMap parameters) {
        Set<String> seen = new HashSet<>();
        for (Map.Entry<String, String> one : parameters) {
            String name = one.getKey().toLowerCase(Locale.ROOT).replace('_', '-');
            if (!PARAMETERS.contains(name)) {
                throw new IllegalArgumentException(
                        "'" + one.getKey() + "' is not one of the parameters " + String.join(", ", PARAMETERS));
            }
            if (!seen.add(name)) {
                throw new IllegalArgumentException(name + " is there twice: lists are written with commas");
            }
        }
    }

    private static boolean markdown(MultiMap parameters) {
        String format = parameter(parameters, "format")
                .or(() -> parameter(parameters, "response-format"))
                .orElse("json");
        if (!format.equals("json") && !format.equals("markdown")) {
            throw new IllegalArgumentException("format: '" + format + "' is not json or markdown");
        }
        return format.equals("markdown");
    }

    private static Optional<String> parameter(MultiMap parameters, String name) {
        return Optional.ofNullable(parameters.get(name))
                .or(() -> Optional.ofNullable(parameters.get(name.replace('-', '_'))))
                .filter(text -> !text.isBlank());
    }
}
