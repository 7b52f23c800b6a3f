package io.usagestream.ops;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Writes a JSON object member by member: decimals as strings, times as RFC 3339 in whole seconds, what is not there not at all. */
public final class Json {
    private static final JsonFactory FACTORY = new JsonFactory();

    private final JsonGenerator out;

    private Json(JsonGenerator out) {
        this.out = out;
    }

    /** Writes the members of an object or the elements of a list. */
    @FunctionalInterface
    public interface Body {
        void write(Json json) throws IOException;
    }

    /** The text of an object. */
    public static String object(Body members) {
        StringWriter text = new StringWriter(4096);
        try (JsonGenerator out = FACTORY.createGenerator(text)) {
            out.writeStartObject();
            members.write(new Json(out));
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    public void object(String name, Body members) throws IOException {
        out.writeObjectFieldStart(name);
        members.write(this);
        out.writeEndObject();
    }

    public void list(String name, Body elements) throws IOException {
        out.writeArrayFieldStart(name);
        elements.write(this);
        out.writeEndArray();
    }

    /** An object as the next element of a list. */
    public void element(Body members) throws IOException {
        out.writeStartObject();
        members.write(this);
        out.writeEndObject();
    }

    public void element(String text) throws IOException {
        out.writeString(text);
    }

    public void element(long number) throws IOException {
        out.writeNumber(number);
    }

    public void element(BigDecimal number) throws IOException {
        out.writeString(number.toPlainString());
    }

    public void put(String name, String text) throws IOException {
        out.writeStringField(name, text);
    }

    public void put(String name, long number) throws IOException {
        out.writeNumberField(name, number);
    }

    public void put(String name, boolean flag) throws IOException {
        out.writeBooleanField(name, flag);
    }

    public void put(String name, BigDecimal number) throws IOException {
        out.writeStringField(name, number.toPlainString());
    }

    public void put(String name, Instant time) throws IOException {
        out.writeStringField(name, time.truncatedTo(ChronoUnit.SECONDS).toString());
    }

    /** A duration in whole seconds. */
    public void put(String name, Duration duration) throws IOException {
        out.writeNumberField(name, duration.toSeconds());
    }

    public void putTime(String name, Optional<Instant> time) throws IOException {
        if (time.isPresent()) {
            put(name, time.get());
        }
    }

    public void putText(String name, Optional<String> text) throws IOException {
        if (text.isPresent()) {
            put(name, text.get());
        }
    }

    public void putDuration(String name, Optional<Duration> duration) throws IOException {
        if (duration.isPresent()) {
            put(name, duration.get());
        }
    }
}
