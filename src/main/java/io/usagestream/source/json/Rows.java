package io.usagestream.source.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import io.usagestream.stream.Reason;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads rows one by one, so that one that cannot be understood costs itself and not its neighbours. */
public final class Rows {
    /** Reads one row; the parser stands at its first token, and after it at its last. */
    public interface Reading<T> {
        /** @param from where the row begins */
        T read(int from) throws IOException, Unreadable;
    }

    private final JsonParser parser;

    public Rows(JsonParser parser) {
        this.parser = parser;
    }

    /** Reads the value that the parser stands at, or hands it over as bad; the parser then stands at its last token either way. */
    public <T> Optional<T> read(Reading<T> reading, Consumer<Bad> bad) throws IOException {
        int from = Json.begin(parser);
        JsonStreamContext outer = parser.currentToken().isStructStart()
                ? parser.getParsingContext().getParent()
                : parser.getParsingContext();
        try {
            return Optional.of(reading.read(from));
        } catch (Unreadable e) {
            while (parser.getParsingContext() != outer) {
                if (parser.nextToken() == null) {
                    throw new IOException("the document ends within a row", e);
                }
            }
            bad.accept(new Bad(e.reason(), e.field(), e.detail(), from, Json.end(parser)));
            return Optional.empty();
        }
    }

    /** Demands that the value is an object. */
    public void object(String what) throws Unreadable {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw new Unreadable(Reason.UNKNOWN_OBJECT, what + " is not an object");
        }
    }
}
