package io.usagestream.source.openai;

import io.usagestream.source.StreamType;
import io.usagestream.source.StreamType.Shape;
import io.usagestream.stream.Grain;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The streams of OpenAI's description 2.3.0 (github.com/openai/openai-openapi, 2026-08-21), and {@code decisions}, which its npm
 * client 7.55.0 knows.
 */
final class Catalogue {
    static final String COSTS_OBJECT = "organization.costs.result";

    private static final Duration USAGE_LOOKBACK = Duration.ofHours(48);
    private static final Duration COSTS_LOOKBACK = Duration.ofDays(7);

    /** The greatest {@code limit} of each width: more is refused with 400. */
    private static final Map<Grain, Integer> PER_PAGE = Map.of(Grain.MINUTE, 1_440, Grain.HOUR, 168, Grain.DAY, 31);

    private static final List<String> BY_MODEL = List.of("project_id", "user_id", "api_key_id", "model");
    private static final List<String> BY_PROJECT = List.of("project_id");
    private static final Set<String> TEXT = Set.of("input_tokens", "output_tokens", "num_model_requests");
    private static final Set<String> TEXT_DETAILS = Set.of(
            "input_cached_tokens",
            "input_cache_write_tokens",
            "input_cache_write_30m_tokens",
            "input_cache_write_12h_tokens",
            "input_uncached_tokens",
            "input_text_tokens",
            "output_text_tokens",
            "input_cached_text_tokens",
            "input_audio_tokens",
            "input_cached_audio_tokens",
            "output_audio_tokens",
            "input_image_tokens",
            "input_cached_image_tokens",
            "output_image_tokens");

    private static final Map<String, Endpoint> ENDPOINTS = endpoints();

    private Catalogue() {}

    static List<StreamType> streams() {
        return ENDPOINTS.values().stream().map(Endpoint::type).toList();
    }

    /** What is known of that stream: of its own endpoint, of the one at its path, or only its path. */
    static Endpoint endpoint(StreamType type) {
        return Optional.ofNullable(ENDPOINTS.get(type.name()))
                .or(() -> at(type.path()).map(known -> known.of(type)))
                .orElseGet(() -> new Endpoint(type, Optional.empty(), Set.of(), Set.of()));
    }

    /** A stream of one's own: at a path that this release does not know, or a known one once more, as costs by another grouping. */
    static StreamType custom(String name, String path) {
        return at(path).map(known -> known.type().named(name))
                .orElseGet(() -> new StreamType(
                        name, Shape.BUCKETS, path, List.of(), Set.of(), PER_PAGE, Grain.HOUR, USAGE_LOOKBACK, false));
    }

    private static Optional<Endpoint> at(String path) {
        return ENDPOINTS.values().stream()
                .filter(endpoint -> endpoint.type().path().equals(path))
                .findFirst();
    }

    private static Map<String, Endpoint> endpoints() {
        List<Endpoint> all = new ArrayList<>();
        all.add(usage("completions", "completions", with(BY_MODEL, "batch", "service_tier"), TEXT, TEXT_DETAILS));
        all.add(usage("embeddings", "embeddings", BY_MODEL, Set.of("input_tokens", "num_model_requests"), Set.of()));
        all.add(usage("moderations", "moderations", BY_MODEL, Set.of("input_tokens", "num_model_requests"), Set.of()));
        all.add(usage(
                "images",
                "images",
                with(BY_MODEL, "size", "source"),
                Set.of("images", "num_model_requests"),
                Set.of()));
        all.add(usage(
                "audio_speeches", "audio_speeches", BY_MODEL, Set.of("characters", "num_model_requests"), Set.of()));
        all.add(usage(
                "audio_transcriptions",
                "audio_transcriptions",
                BY_MODEL,
                Set.of("seconds", "num_model_requests"),
                Set.of()));
        all.add(usage("vector_stores", "vector_stores", BY_PROJECT, Set.of("usage_bytes"), Set.of()));
        all.add(usage(
                "code_interpreter_sessions",
                "code_interpreter_sessions",
                BY_PROJECT,
                Set.of("num_sessions"),
                Set.of()));
        all.add(usage(
                "file_search_calls",
                "file_searches",
                List.of("project_id", "user_id", "api_key_id", "vector_store_id"),
                Set.of("num_requests"),
                Set.of()));
        all.add(usage(
                "web_search_calls",
                "web_searches",
                with(BY_MODEL, "context_level"),
                Set.of("num_model_requests", "num_requests"),
                Set.of()));
        all.add(usage("decisions", "decisions", with(BY_MODEL, "batch", "service_tier"), TEXT, TEXT_DETAILS));
        all.add(costs());
        Map<String, Endpoint> byName = new LinkedHashMap<>();
        all.forEach(endpoint -> byName.put(endpoint.type().name(), endpoint));
        return byName;
    }

    private static Endpoint usage(
            String name, String object, List<String> dimensions, Set<String> required, Set<String> documented) {
        Set<String> optional = name.equals("completions") || name.equals("web_search_calls") || name.equals("decisions")
                ? Set.of("api_source")
                : Set.of();
        StreamType type = new StreamType(
                name,
                Shape.BUCKETS,
                "/organization/usage/" + name,
                dimensions,
                optional,
                PER_PAGE,
                Grain.HOUR,
                USAGE_LOOKBACK,
                !name.equals("decisions"));
        return new Endpoint(type, Optional.of("organization.usage." + object + ".result"), required, documented);
    }

    /**
     * Grouping by key or user is refused for some organizations, so it has to be asked for by name. Up to 180 days a page are
     * allowed; a month of all line items is large enough.
     */
    private static Endpoint costs() {
        StreamType type = new StreamType(
                "costs",
                Shape.BUCKETS,
                "/organization/costs",
                List.of("project_id", "line_item"),
                Set.of("api_key_id", "user_id", "api_source"),
                Map.of(Grain.DAY, 31),
                Grain.DAY,
                COSTS_LOOKBACK,
                true);
        return new Endpoint(type, Optional.of(COSTS_OBJECT), Set.of(), Set.of());
    }

    private static List<String> with(List<String> dimensions, String... more) {
        List<String> all = new ArrayList<>(dimensions);
        all.addAll(List.of(more));
        return List.copyOf(all);
    }
}
