package io.usagestream.source.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.usagestream.source.json.Json;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What an error says of itself, whatever its envelope: OpenAI's {@code {"error":{type,code,param,message}}}, an API gateway's
 * {@code {"message"}}, or fields at the top (Scenario's envelope is not documented). It may be cut off: what came counts.
 */
public record ErrorBody(
        Optional<String> type, Optional<String> code, Optional<String> param, Optional<String> message) {
    private static final ErrorBody NOTHING =
            new ErrorBody(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    private static final int MAX_DEPTH = 2;

    /** Reads what can be read. */
    public static ErrorBody of(byte[] body) {
        Map<String, String> found = new HashMap<>();
        try (JsonParser parser = Json.parser(body)) {
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                collect(parser, 1, found);
            }
        } catch (IOException e) {
            // cut off, or no JSON at all: the status says enough
            if (found.isEmpty()) {
                return NOTHING;
            }
        }
        return new ErrorBody(
                Optional.ofNullable(found.get("type")),
                Optional.ofNullable(found.get("code")),
                Optional.ofNullable(found.get("param")),
                Optional.ofNullable(found.get("message")).or(() -> Optional.ofNullable(found.get("error"))));
    }

    private static void collect(JsonParser parser, int depth, Map<String, String> found) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName().toLowerCase(Locale.ROOT);
            JsonToken value = parser.nextToken();
            if (value == JsonToken.VALUE_STRING || value == JsonToken.VALUE_NUMBER_INT) {
                found.putIfAbsent(name, parser.getText());
            } else if (value == JsonToken.START_OBJECT && depth < MAX_DEPTH) {
                collect(parser, depth + 1, found);
            } else {
                parser.skipChildren();
            }
        }
    }

    /** Whether type or code say that. */
    public boolean says(String word) {
        return type.filter(t -> t.contains(word)).isPresent()
                || code.filter(c -> c.contains(word)).isPresent();
    }

    /** All of it in one text, not cleaned. */
    String text() {
        StringBuilder text = new StringBuilder();
        code.or(() -> type).ifPresent(text::append);
        param.ifPresent(p -> text.append(" (").append(p).append(')'));
        message.ifPresent(m -> text.append(text.isEmpty() ? "" : ": ").append(m));
        return text.toString();
    }
}
