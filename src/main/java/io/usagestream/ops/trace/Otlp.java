package io.usagestream.ops.trace;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/** The one place that knows how spans are sent: nothing of it is loaded before somebody asks for traces. */
public final class Otlp {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private Otlp() {}

    /** Traces that are sent to a collector by OTLP over HTTP; a collector that is away costs the spans, nothing else. */
    public static Tracing to(URI collector, String instance, String version, InstantSource clock) {
        String endpoint = collector.toString().replaceAll("/$", "") + "/v1/traces";
        SdkTracerProvider provider = SdkTracerProvider.builder()
                .setResource(Resource.create(Attributes.of(
                        AttributeKey.stringKey("service.name"), "usagestream",
                        AttributeKey.stringKey("service.instance.id"), instance,
                        AttributeKey.stringKey("service.version"), version)))
                .addSpanProcessor(BatchSpanProcessor.builder(OtlpHttpSpanExporter.builder()
                                .setEndpoint(endpoint)
                                .setTimeout(LIMIT)
                                .build())
                        .build())
                .build();
        OpenTelemetry telemetry =
                OpenTelemetrySdk.builder().setTracerProvider(provider).build();
        return new Tracing(telemetry, clock, () -> provider.shutdown().join(LIMIT.toMillis(), TimeUnit.MILLISECONDS));
    }
}
