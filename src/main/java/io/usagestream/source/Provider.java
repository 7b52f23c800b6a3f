package io.usagestream.source;

import io.vertx.core.Vertx;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/** One kind of upstream: what streams it offers and how to reach an account. A new one is one folder and one line of wiring. */
public interface Provider {
    /** As in {@code provider:} of the configuration and in ids. */
    String name();

    /** The streams that it is known to offer, in the order in which people expect them. */
    List<StreamType> streams();

    /** A stream that is not known but whose path is configured, if the provider allows such. */
    Optional<StreamType> custom(String name, String path);

    /**
     * Names of the credentials that an account needs, {@code admin-key}, or {@code api-key} and {@code api-secret}: each with the
     * environment variable that holds it where no file says so.
     */
    SortedMap<String, String> credentials();

    /** Settings of an account that not every provider has, of {@code path}, {@code project-ids}, {@code user-ids} and {@code team-id}. */
    default Set<String> accountSettings() {
        return Set.of();
    }

    /** The base URL when none is configured. */
    String defaultBaseUrl();

    /** Opens an account. Nothing is sent before the first read. */
    Upstream open(Vertx vertx, SourceSettings settings);
}
