package io.usagestream.sink.kafka;

import io.usagestream.envelope.Reader;
import io.usagestream.envelope.RegistryException;
import io.usagestream.envelope.SchemaIds;
import io.usagestream.envelope.SchemaRegistry;
import io.usagestream.envelope.WireFormat;
import io.usagestream.sink.SinkException;
import io.usagestream.sink.SinkFailure;
import io.usagestream.stream.Reason;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.client.WebClient;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which wire format this instance writes. With a registry the ids of all record types are resolved once, before the first
 * transaction; while the registry is down, ids that a lane kept serve as well.
 */
final class WireFormats {
    private static final Logger LOG = LoggerFactory.getLogger(WireFormats.class);

    private final KafkaSettings settings;
    private final Optional<SchemaRegistry> registry;
    private final Reader reader = new Reader();
    private Optional<Future<SchemaIds>> resolved = Optional.empty();

    WireFormats(Vertx vertx, KafkaSettings settings) {
        this.settings = settings;
        this.registry = settings.registry()
                .map(r -> new SchemaRegistry(
                        WebClient.create(vertx), r.url(), settings.limits().registry()));
    }

    /** A wire format, and the ids to keep with the lane. */
    record Chosen(WireFormat format, Map<String, Integer> toKeep) {}

    /** Reads what any of them wrote. */
    Reader reader() {
        return reader;
    }

    /** The schema of a registry's id. */
    Future<String> schema(int id) {
        return registry.map(r -> r.schema(id))
                .orElseGet(() -> Future.failedFuture(new SinkException(new SinkFailure.Refused(
                        Reason.BAD_REQUEST,
                        "records name schema id " + id + " of a registry, but schema-registry is not configured"))));
    }

    /**
     * Chooses for a lane.
     *
     * @param kept the ids that the lane kept
     * @return fails with {@link SinkException}
     */
    Future<Chosen> choose(Map<String, Integer> kept) {
        if (registry.isEmpty()) {
            return Future.succeededFuture(new Chosen(new WireFormat.SingleObject(), kept));
        }
        return resolve(registry.get()).recover(e -> instead(e, kept)).map(ids -> {
            reader.learn(ids.ids());
            return new Chosen(new WireFormat.Confluent(ids.ids()), ids.toKeep(settings.prefix()));
        });
    }

    /** One resolution for all lanes; only a failed one is made again. */
    private synchronized Future<SchemaIds> resolve(SchemaRegistry asked) {
        Optional<Future<SchemaIds>> known = resolved.filter(ids -> !ids.failed());
        if (known.isPresent()) {
            return known.get();
        }
        boolean mayRegister =
                settings.registry().map(KafkaSettings.Registry::autoRegister).orElse(false);
        Future<SchemaIds> ids =
                mayRegister ? SchemaIds.register(asked, settings.prefix()) : SchemaIds.lookUp(asked, settings.prefix());
        resolved = Optional.of(ids);
        return ids;
    }

    private Future<SchemaIds> instead(Throwable cause, Map<String, Integer> kept) {
        if (cause instanceof RegistryException refusal && refusal.refused()) {
            return Future.failedFuture(new SinkException(new SinkFailure.Refused(reason(refusal), message(cause))));
        }
        SchemaIds ids = SchemaIds.kept(kept, settings.prefix());
        if (ids.complete()) {
            LOG.atWarn().addKeyValue("cause", message(cause)).log("publishing with the schema ids that were kept");
            return Future.succeededFuture(ids);
        }
        return Future.failedFuture(new SinkException(new SinkFailure.Aborted(message(cause))));
    }

    private static Reason reason(RegistryException refusal) {
        return switch (refusal.status()) {
            case 401 -> Reason.AUTH_REJECTED;
            case 403 -> Reason.FORBIDDEN;
            case 404 -> Reason.NOT_FOUND;
            case 409 -> Reason.CONFLICT;
            default -> Reason.BAD_REQUEST;
        };
    }

    private static String message(Throwable cause) {
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }
}
