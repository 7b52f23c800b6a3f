package io.usagestream.source;

import io.usagestream.source.StreamType.Shape;
import io.usagestream.stream.Split;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One configured upstream account, all defaults filled in.
 *
 * @param proxy the way to the base URL; empty: directly
 * @param credentials by the name of the setting without {@code -file}: {@code admin-key}; {@code api-key}, {@code api-secret}
 * @param maxBody the greatest response, in decompressed bytes
 * @param requestsPerMinute the budget that all streams of the source share
 * @param streams the enabled ones
 */
public record SourceSettings(
        String name,
        String provider,
        URI baseUrl,
        Optional<Proxy> proxy,
        String path,
        Map<String, Secret> credentials,
        List<String> projectIds,
        List<String> userIds,
        Optional<String> teamId,
        UserIds userIdMode,
        long maxBody,
        int requestsPerMinute,
        List<StreamSettings> streams) {
    /** What is read of it. */
    public List<Split> splits() {
        return streams.stream().map(StreamSettings::split).toList();
    }

    /** Everything that must never be shown. */
    public List<Secret> secrets() {
        List<Secret> secrets = new ArrayList<>(credentials.values());
        proxy.flatMap(Proxy::login).ifPresent(login -> {
            secrets.add(login.password());
            secrets.add(Secret.of(login.user() + ":" + login.password().reveal()));
        });
        return secrets;
    }

    /**
     * The streams that read once more what another stream of the source reads, as costs by another grouping: to add both up would
     * count usage twice. Of those with one path the one is not among them that the path is named after, else the first.
     */
    public Set<Split> readOnceMore() {
        Map<String, StreamSettings> first = new HashMap<>();
        streams.stream()
                .filter(stream -> stream.type().shape() == Shape.BUCKETS)
                .sorted(Comparator.comparing(stream -> !stream.type().path().endsWith("/" + stream.split().stream())))
                .forEach(stream -> first.putIfAbsent(stream.type().path(), stream));
        return streams.stream()
                .filter(stream -> stream.type().shape() == Shape.BUCKETS && !first.containsValue(stream))
                .map(StreamSettings::split)
                .collect(Collectors.toSet());
    }

    /** What becomes of user ids: personal data in some organizations. */
    public sealed interface UserIds {
        /** They are published as upstream gives them. */
        record Keep() implements UserIds {}

        /** They are published as HMAC-SHA-256 under a key, 32 hex digits. */
        record Hash(Secret key) implements UserIds {}

        /** They are not published: the empty text for events, no such dimension for points. */
        record Drop() implements UserIds {}
    }
}
