package io.usagestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.usagestream.envelope.RecordType;
import io.usagestream.ops.trace.Otlp;
import io.usagestream.ops.trace.Tracing;
import io.usagestream.query.CommittedTopics;
import io.usagestream.stream.Grain;
import io.usagestream.stream.Split;
import io.usagestream.stream.Window;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Traces of a real run: what collectors, consumers and upstream see of them. */
class TracingTest {
    private static final AttributeKey<String> STREAM = AttributeKey.stringKey("usagestream.stream");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    /** Keeps what it is given. */
    private static final class Kept implements SpanExporter {
        private final List<SpanData> spans = new CopyOnWriteArrayList<>();

        @Override
        public CompletableResultCode export(Collection<SpanData> ended) {
            spans.addAll(ended);
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }

        List<SpanData> named(String name) {
            return spans.stream().filter(span -> span.getName().equals(name)).toList();
        }
    }

    private static Tracing tracing(Kept kept) {
        SdkTracerProvider provider = SdkTracerProvider.builder()
                .addSpanProcessor(SimpleSpanProcessor.create(kept))
                .build();
        return new Tracing(
                OpenTelemetrySdk.builder().setTracerProvider(provider).build(), Clock.systemUTC(), provider::close);
    }

    @Test
    void aTurnItsRequestsItsCommitAndItsRecordsAreOneTraceAndUpstreamSeesNothingOfIt() throws Exception {
        Kept kept = new Kept();
        try (CommandStage stage = new CommandStage(
                        folder,
                        Duration.ofDays(1),
                        "{embeddings: {bucket-width: 1h, group-by: [model]}}",
                        "{model-usages: {}}");
                Tracing tracing = tracing(kept)) {
            Vertx vertx = tracing.vertx();
            Engine engine = stage.traced(vertx, tracing);
            Instant deadline = Instant.now().plus(PATIENCE);
            while (kept.named("commit").size() < 2 && Instant.now().isBefore(deadline)) {
                Thread.sleep(100);
            }
            stage.stop(engine);
            CommandStage.await(vertx.close());
            tracing.close(); // ends what was cut off

            assertThat(kept.named("commit")).isNotEmpty().allSatisfy(commit -> {
                SpanData turn = turnOf(kept, commit);
                assertThat(kept.named("GET"))
                        .anyMatch(get -> get.getParentSpanId().equals(turn.getSpanId())
                                && get.getTraceId().equals(commit.getTraceId())
                                && get.getEndEpochNanos() <= turn.getEndEpochNanos());
            });
            assertThat(kept.named("GET")).allSatisfy(get -> turnOf(kept, get));
            assertThat(kept.named("turn"))
                    .extracting(turn -> turn.getAttributes().get(STREAM))
                    .contains("embeddings", "model-usages");
            Set<String> turns = kept.named("turn").stream()
                    .map(turn -> "00-" + turn.getTraceId() + "-" + turn.getSpanId() + "-"
                            + turn.getSpanContext().getTraceFlags().asHex())
                    .collect(Collectors.toSet());
            assertThat(traceparents(stage)).isNotEmpty();
            assertThat(turns).containsAll(traceparents(stage));
            assertThat(stage.headersSeenUpstream())
                    .contains("authorization")
                    .doesNotContain("traceparent", "tracestate", "baggage", "b3");
        }
    }

    private static SpanData turnOf(Kept kept, SpanData span) {
        return kept.named("turn").stream()
                .filter(turn -> turn.getSpanId().equals(span.getParentSpanId())
                        && turn.getTraceId().equals(span.getTraceId()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no turn of " + span));
    }

    /** Of every point that was published. */
    private static Set<String> traceparents(CommandStage stage) {
        Set<String> headers = new HashSet<>();
        try (CommittedTopics topics =
                new CommittedTopics(stage.kafka().client(), stage.kafka().prefix())) {
            topics.read(
                    topics.extent(RecordType.POINT),
                    record -> headers.add(new String(
                            Optional.ofNullable(record.headers().lastHeader("traceparent"))
                                    .orElseThrow()
                                    .value(),
                            StandardCharsets.US_ASCII)));
        }
        return headers;
    }

    @Test
    void spansGoToACollectorByOtlpOverHttp() throws Exception {
        Vertx vertx = Vertx.vertx();
        CompletableFuture<String> posted = new CompletableFuture<>();
        HttpServer collector = CommandStage.await(vertx.createHttpServer()
                .requestHandler(request -> request.bodyHandler(body -> {
                    posted.complete(request.method() + " " + request.path() + " " + request.getHeader("content-type")
                            + " " + body.toString(StandardCharsets.ISO_8859_1));
                    request.response().end();
                }))
                .listen(0, "127.0.0.1"));
        URI address = URI.create("http://127.0.0.1:" + collector.actualPort());
        try (Tracing tracing = Otlp.to(address, "here", "1", Clock.systemUTC())) {
            var split = new Split("openai", "acme", "costs");
            tracing.observer().turn(split, new Window(Instant.EPOCH, Instant.EPOCH.plus(Grain.DAY.width())));
            tracing.observer().turned(split, Optional.of("server_error"));
        }
        assertThat(posted.get(10, TimeUnit.SECONDS))
                .startsWith("POST /v1/traces application/x-protobuf ")
                .contains("usagestream", "turn", "costs", "server_error");
        CommandStage.await(vertx.close());
    }
}
