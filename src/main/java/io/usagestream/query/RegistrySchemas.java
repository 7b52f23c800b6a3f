package io.usagestream.query;

import io.usagestream.envelope.SchemaRegistry;
import io.vertx.core.Vertx;
import io.vertx.ext.web.client.WebClient;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;

/** Fetches schemas from the registry for a caller that waits; opens a connection only when one is asked for. */
public final class RegistrySchemas implements IntFunction<String>, AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Optional<URI> url;
    private Optional<Vertx> vertx = Optional.empty();

    /** @param url the configured registry, if there is one */
    public RegistrySchemas(Optional<URI> url) {
        this.url = url;
    }

    /** @throws SchemaUnknownException when there is no registry, or it does not say */
    @Override
    public String apply(int id) {
        URI registry = url.orElseThrow(() -> new SchemaUnknownException(
                "the records name schemas of a registry, and the configuration names none: set schema-registry.url"
                        + " (of ledger and anomalies: --schema-registry)"));
        Vertx own = vertx.orElseGet(Vertx::vertx);
        vertx = Optional.of(own);
        try {
            return new SchemaRegistry(WebClient.create(own), registry, LIMIT)
                    .schema(id)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(LIMIT.toMillis() * 2, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new SchemaUnknownException(
                    "schema " + id + " of the registry: "
                            + Optional.ofNullable(e.getCause()).orElse(e).getMessage(),
                    e);
        } catch (TimeoutException e) {
            throw new SchemaUnknownException("schema " + id + " of the registry: no answer from " + registry, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public void close() {
        vertx.ifPresent(Vertx::close);
    }
}
