package io.usagestream.source.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Optional;

/** One member of a row that could not be read as a whole, looked up once more: what time a row is of decides which day lacks it. */
public final class Member {
    private Member() {}

    /** A text or number that the row has directly, as it is written; empty when it has none of that name, or more than one. */
    public static Optional<String> of(byte[] body, Bad row, String name) {
        Optional<String> found = Optional.empty();
        try (JsonParser parser = Json.parser(body, row.from(), row.to() - row.from())) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean wanted = parser.currentName().equals(name);
                JsonToken token = parser.nextToken();
                if (wanted) {
                    if (found.isPresent() || !token.isScalarValue()) {
                        return Optional.empty();
                    }
                    found = Optional.of(parser.getText());
                }
                parser.skipChildren();
            }
            return found;
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
