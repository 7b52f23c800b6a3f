package io.usagestream.dev.upstream.openai;

import io.usagestream.dev.upstream.http.Answer;
import io.usagestream.dev.upstream.http.Json;
import java.util.Optional;

/** An answer that is an error, as OpenAI writes it. */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final String INVALID = "invalid_request_error";

    private final transient Answer answer;

    private Refusal(int status, String message, String type, Optional<String> param, Optional<String> code) {
        super(message, null, false, false);
        this.answer = Answer.json(status, Json.bytes(out -> {
            out.writeStartObject();
            out.writeObjectFieldStart("error");
            out.writeStringField("message", message);
            out.writeStringField("type", type);
            out.writeStringField("param", param.orElse(null));
            out.writeStringField("code", code.orElse(null));
            out.writeEndObject();
            out.writeEndObject();
        }));
    }

    public Answer answer() {
        return answer;
    }

    /** 400 for a parameter. */
    public static Refusal of(String param, String message) {
        return new Refusal(400, message, INVALID, Optional.of(param), Optional.of("invalid_value"));
    }

    /** 400 for a start before what is kept. */
    public static Refusal tooOld(String earliest) {
        return new Refusal(
                400,
                "Usage and cost data are available for the past year. Earliest supported start date: " + earliest
                        + " (UTC).",
                INVALID,
                Optional.of("start_time"),
                Optional.of("reporting_lookback_exceeded"));
    }

    /** 400 for a cursor of another query, or, as is known of costs, for no reason at all. */
    public static Refusal badCursor() {
        return new Refusal(
                400,
                "The page token is invalid, have you modified the query parameters?",
                INVALID,
                Optional.empty(),
                Optional.of(INVALID));
    }

    public static Refusal badKey() {
        return new Refusal(
                401, "Incorrect API key provided.", INVALID, Optional.empty(), Optional.of("invalid_api_key"));
    }

    /** 403 for a key that is good for other things: a project's or a service account's. */
    public static Refusal missingScope() {
        return new Refusal(
                403,
                "You have insufficient permissions for this operation. Missing scopes: api.usage.read. Check that you have "
                        + "the correct role in your organization.",
                INVALID,
                Optional.empty(),
                Optional.of("missing_scope"));
    }

    public static Refusal noSuchPath(String path) {
        return new Refusal(404, "Invalid URL (GET " + path + ")", INVALID, Optional.empty(), Optional.empty());
    }

    public static Refusal tooFast() {
        return new Refusal(
                429,
                "Rate limit reached for this endpoint. Please try again later.",
                "rate_limit_error",
                Optional.empty(),
                Optional.of("rate_limit_exceeded"));
    }

    public static Refusal broken(int status) {
        return new Refusal(
                status,
                "The server had an error while processing your request.",
                "server_error",
                Optional.empty(),
                Optional.empty());
    }
}
