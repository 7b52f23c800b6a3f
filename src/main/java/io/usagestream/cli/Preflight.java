package io.usagestream.cli;

import io.usagestream.config.Demand;
import io.usagestream.config.KafkaProperties;
import io.usagestream.config.Settings;
import io.usagestream.envelope.RecordType;
import io.usagestream.envelope.RegistryException;
import io.usagestream.envelope.SchemaRegistry;
import io.usagestream.ingest.DryRun;
import io.usagestream.query.JsonLines;
import io.usagestream.sink.kafka.TopicProblem;
import io.usagestream.sink.kafka.Topics;
import io.usagestream.source.Provider;
import io.usagestream.source.SourceSettings;
import io.usagestream.source.StreamSettings;
import io.usagestream.source.Upstream;
import io.usagestream.source.UpstreamException;
import io.usagestream.stream.PageRequest;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Window;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.client.WebClient;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Everything outside the configuration that a start depends on, looked at once. */
final class Preflight {
    private static final Duration REGISTRY = Duration.ofSeconds(5);

    /** Rows of a dry run. */
    private static final int SHOWN = 3;

    /** Buckets of a dry run: the open one and some that are closed. */
    private static final int BUCKETS = 3;

    private final Vertx vertx;
    private final Settings settings;

    Preflight(Vertx vertx, Settings settings) {
        this.vertx = vertx;
        this.settings = settings;
    }

    /** What was found; in order: sources, brokers and topics, registry. */
    Future<List<Finding>> run() {
        List<Future<List<Finding>>> parts = new ArrayList<>();
        for (int i = 0; i < settings.sources().size(); i++) {
            parts.add(source(i, settings.sources().get(i)));
        }
        parts.add(topics());
        settings.registry().ifPresent(registry -> parts.add(registry(registry)));
        return Future.all(parts)
                .map(all ->
                        all.<List<Finding>>list().stream().flatMap(List::stream).toList());
    }

    private Future<List<Finding>> source(int index, SourceSettings source) {
        String path = "sources[" + index + "]";
        List<Finding> findings = new ArrayList<>();
        Demand.problem(index, source).ifPresent(p -> findings.add(Finding.wrong(p.path(), p.message())));
        Provider provider = Providers.named(source.provider());
        Upstream upstream = provider.open(vertx, source);
        StreamSettings stream = simplest(source);
        PageRequest request = cheapest(stream);
        Instant began = Instant.now();
        return upstream.read(request)
                .map(page -> Finding.fine(
                        path,
                        source.name() + " answers at " + source.baseUrl()
                                + dryRun(stream, DryRun.of(stream, request.window(), page, began), request.window())))
                .recover(e -> e instanceof UpstreamException refused
                        ? Future.succeededFuture(refused(path, source, provider, refused))
                        : Future.failedFuture(e))
                .eventually(upstream::close)
                .map(finding -> {
                    findings.add(finding);
                    return List.copyOf(findings);
                });
    }

    private static Finding refused(String path, SourceSettings source, Provider provider, UpstreamException e) {
        Reason reason = e.failure().reason();
        String setting = switch (reason) {
            case AUTH_REJECTED, FORBIDDEN ->
                path + "."
                        + provider.credentials().keySet().stream()
                                .sorted(Comparator.reverseOrder())
                                .findFirst()
                                .orElse("name");
            case CONNECT, DNS, TLS, REDIRECT_REFUSED, NOT_FOUND -> path + ".base-url";
            default -> path;
        };
        String message = source.name() + " at " + source.baseUrl() + ": " + e.getMessage();
        return switch (reason) {
            case RATE_LIMITED, QUOTA, SERVER_ERROR -> Finding.warning(setting, message);
            default -> Finding.wrong(setting, message);
        };
    }

    /** The first rows as they would be published. */
    private static String dryRun(StreamSettings stream, List<Publication> rows, Window window) {
        String range = stream.split().name() + " from " + window.from() + " to " + window.to();
        if (rows.isEmpty()) {
            return "; it shows no rows of " + range;
        }
        return rows.stream()
                .limit(SHOWN)
                .map(row -> System.lineSeparator() + "           " + JsonLines.text(row))
                .collect(Collectors.joining(
                        "", "; it would publish " + rows.size() + " rows of " + range + ", the first:", ""));
    }

    private static StreamSettings simplest(SourceSettings source) {
        return source.streams().stream()
                .min(Comparator.comparing(s -> s.type().shape()))
                .orElseThrow();
    }

    /** One page: the newest buckets, a series of today, or what a log shows first of its last hours. */
    private static PageRequest cheapest(StreamSettings stream) {
        Instant now = Instant.now();
        Instant hour = now.truncatedTo(ChronoUnit.HOURS);
        Instant day = now.truncatedTo(ChronoUnit.DAYS);
        return switch (stream.type().shape()) {
            case BUCKETS ->
                new PageRequest.Buckets(
                        stream.split(),
                        new Window(
                                stream.width()
                                        .floor(now)
                                        .minus(stream.width().width().multipliedBy(BUCKETS - 1)),
                                stream.width().floor(now).plus(stream.width().width())),
                        BUCKETS,
                        Optional.empty());
            case SERIES ->
                new PageRequest.Buckets(
                        stream.split(),
                        new Window(day, day.plus(1, ChronoUnit.DAYS)),
                        PageRequest.Buckets.WHOLE_SERIES,
                        Optional.empty());
            case LOG -> new PageRequest.Log(stream.split(), new Window(hour.minusSeconds(3600), hour), 0);
            case ENTITIES -> new PageRequest.Entities(stream.split(), new Window(hour.minusSeconds(3600), hour));
        };
    }

    private Future<List<Finding>> topics() {
        String brokers = "kafka." + KafkaProperties.BOOTSTRAP;
        String address = settings.kafka().values().getOrDefault(KafkaProperties.BOOTSTRAP, "");
        return new Topics(vertx, KafkaParts.kafka(settings), KafkaParts.topics(settings))
                .verify()
                .map(found -> {
                    List<Finding> findings = new ArrayList<>();
                    found.problems().forEach(problem -> findings.add(finding(problem)));
                    if (findings.isEmpty()) {
                        findings.add(Finding.fine(brokers, "Kafka answers at " + address));
                    }
                    return List.copyOf(findings);
                })
                .otherwise(e -> List.of(Finding.wrong(brokers, "Kafka at " + address + ": " + e.getMessage())));
    }

    private static Finding finding(TopicProblem problem) {
        String message = problem.what() + ": " + problem.remedy();
        return problem.severity() == TopicProblem.Severity.REFUSED
                ? Finding.wrong("topics", message)
                : Finding.warning("topics", message);
    }

    /** A schema that is not there is a problem only if the service must not register it. */
    private Future<List<Finding>> registry(Settings.Registry registry) {
        String path = "schema-registry.url";
        SchemaRegistry client = new SchemaRegistry(WebClient.create(vertx), registry.url(), REGISTRY);
        String prefix = settings.topics().prefix();
        List<Future<Optional<Finding>>> lookUps = Arrays.stream(RecordType.values())
                .map(type -> client.lookUp(type.subject(prefix), type.schemaText())
                        .map(id -> Optional.<Finding>empty())
                        .otherwise(e -> registryProblem(path, registry, e)))
                .toList();
        return Future.all(lookUps).map(all -> {
            List<Finding> findings = all.<Optional<Finding>>list().stream()
                    .flatMap(Optional::stream)
                    .distinct()
                    .toList();
            return findings.isEmpty() ? List.of(Finding.fine(path, "the schema registry answers")) : findings;
        });
    }

    private static Optional<Finding> registryProblem(String path, Settings.Registry registry, Throwable e) {
        boolean absent = e instanceof RegistryException refused && refused.status() == 404;
        return absent && registry.autoRegister()
                ? Optional.empty()
                : Optional.of(
                        Finding.wrong(path, Optional.ofNullable(e.getMessage()).orElse(e.toString())));
    }
}
