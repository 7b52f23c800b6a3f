package io.usagestream.dev.upstream.ledger;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** One kind of usage that OpenAI meters, as its description 2.3.0 (2026-08-21) tells it: an endpoint, its dimensions and measures. */
public enum Meter {
    COMPLETIONS(
            "completions",
            "completions",
            60,
            List.of("project_id", "user_id", "api_key_id", "model", "batch", "service_tier"),
            List.of("api_source"),
            Tokens.MEASURES),
    EMBEDDINGS("embeddings", "embeddings", 12, Of.MODEL, List.of(), List.of("input_tokens", Of.CALLS)),
    MODERATIONS("moderations", "moderations", 4, Of.MODEL, List.of(), List.of("input_tokens", Of.CALLS)),
    IMAGES(
            "images",
            "images",
            8,
            List.of("project_id", "user_id", "api_key_id", "model", "size", "source"),
            List.of(),
            List.of("images", Of.CALLS)),
    AUDIO_SPEECHES("audio_speeches", "audio_speeches", 4, Of.MODEL, List.of(), List.of("characters", Of.CALLS)),
    AUDIO_TRANSCRIPTIONS(
            "audio_transcriptions", "audio_transcriptions", 4, Of.MODEL, List.of(), List.of("seconds", Of.CALLS)),
    VECTOR_STORES("vector_stores", "vector_stores", 2, Of.PROJECT, List.of(), List.of("usage_bytes")),
    CODE_INTERPRETER_SESSIONS(
            "code_interpreter_sessions",
            "code_interpreter_sessions",
            2,
            Of.PROJECT,
            List.of(),
            List.of("num_sessions")),
    FILE_SEARCH_CALLS(
            "file_search_calls",
            "file_searches",
            3,
            List.of("project_id", "user_id", "api_key_id", "vector_store_id"),
            List.of(),
            List.of("num_requests")),
    WEB_SEARCH_CALLS(
            "web_search_calls",
            "web_searches",
            5,
            List.of("project_id", "user_id", "api_key_id", "model", "context_level"),
            List.of("api_source"),
            List.of(Of.CALLS, "num_requests")),
    /** Known to OpenAI's client 7.55.0 before the description knew it. */
    DECISIONS(
            "decisions",
            "decisions",
            4,
            List.of("project_id", "user_id", "api_key_id", "model", "batch", "service_tier"),
            List.of(),
            Tokens.MEASURES);

    private static final class Of {
        static final List<String> PROJECT = List.of("project_id");
        static final List<String> MODEL = List.of("project_id", "user_id", "api_key_id", "model");
        static final String CALLS = "num_model_requests";
    }

    private final String path;
    private final String object;
    private final int perHour;
    private final List<String> dimensions;
    private final List<String> allDimensions;
    private final List<String> measures;

    Meter(
            String path,
            String object,
            int perHour,
            List<String> dimensions,
            List<String> optionalDimensions,
            List<String> measures) {
        this.path = path;
        this.object = "organization.usage." + object + ".result";
        this.perHour = perHour;
        this.dimensions = dimensions;
        this.allDimensions =
                Stream.concat(dimensions.stream(), optionalDimensions.stream()).toList();
        this.measures = measures;
    }

    /** The meter of that endpoint, if there is one. */
    public static Optional<Meter> of(String path) {
        return Arrays.stream(values()).filter(meter -> meter.path.equals(path)).findFirst();
    }

    /** The last part of the endpoint's path, which is also the stream's name. */
    public String path() {
        return path;
    }

    /** The {@code object} of its rows. */
    public String object() {
        return object;
    }

    /** How much usage a quiet account has in an hour. */
    int perHour() {
        return perHour;
    }

    /** What the description lets it be grouped by. */
    public List<String> dimensions() {
        return dimensions;
    }

    /** What it can be grouped by, with what only the client knows. */
    public List<String> allDimensions() {
        return allDimensions;
    }

    public List<String> measures() {
        return measures;
    }

    /** Whether a row carries the measure as null: decisions bill text only. */
    public boolean nullMeasure(int measure) {
        return this == DECISIONS && Tokens.isOfOtherModality(measure);
    }

    /** The unit of a measure. */
    public static String unit(String measure) {
        if (measure.endsWith("_tokens")) {
            return "tokens";
        }
        return switch (measure) {
            case "num_requests", "num_model_requests" -> "requests";
            case "num_sessions" -> "sessions";
            case "usage_bytes" -> "bytes";
            default -> measure;
        };
    }
}
