package io.usagestream.dev.upstream.scenario;

import io.usagestream.dev.upstream.http.Answer;
import io.usagestream.dev.upstream.http.Json;

/** An answer that is an error. Scenario's envelope is not published; this is the one of its API gateway. */
public final class StudioRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Answer answer;

    private StudioRefusal(int status, String error, String message) {
        super(message, null, false, false);
        this.answer = Answer.json(status, Json.bytes(out -> {
            out.writeStartObject();
            out.writeNumberField("statusCode", status);
            out.writeStringField("error", error);
            out.writeStringField("message", message);
            out.writeEndObject();
        }));
    }

    public Answer answer() {
        return answer;
    }

    public static StudioRefusal bad(String message) {
        return new StudioRefusal(400, "Bad Request", message);
    }

    public static StudioRefusal badKey() {
        return new StudioRefusal(401, "Unauthorized", "The API key or secret was rejected.");
    }

    public static StudioRefusal forbidden() {
        return new StudioRefusal(403, "Forbidden", "The key does not own the project.");
    }

    public static StudioRefusal tooLarge() {
        return new StudioRefusal(
                413, "Request Too Long", "Response payload size exceeded maximum allowed payload size.");
    }

    public static StudioRefusal notFound() {
        return new StudioRefusal(404, "Not Found", "Not found");
    }

    public static StudioRefusal broken(int status) {
        return new StudioRefusal(status, "Internal Server Error", "Internal server error");
    }

    /** 429 with the members that its other endpoints are known to give. */
    public static Answer tooFast() {
        return Answer.json(
                429,
                "{\"statusCode\":429,\"error\":\"Too Many Requests\",\"message\":\"Rate limit exceeded\","
                        + "\"details\":{\"actionName\":\"get-usages\",\"actionLimit\":60,\"remainingSeconds\":2}}");
    }
}
