package io.usagestream.source.scenario;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.usagestream.source.Drift;
import io.usagestream.source.json.Json;
import io.usagestream.source.json.Names;
import io.usagestream.source.json.Numbers;
import io.usagestream.source.json.Rows;
import io.usagestream.source.json.Times;
import io.usagestream.source.json.Unreadable;
import io.usagestream.stream.Measure;
import io.usagestream.stream.Measures;
import io.usagestream.stream.Reason;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Reads the numbers of one section's points. */
final class PointReader {
    private static final int TIMES_KEPT = 4_096;

    private final JsonParser parser;
    private final Rows rows;
    private final Section section;
    private final Drift drift;
    private final Names names = new Names();
    private final Measures.Builder measures = new Measures.Builder();
    private final Map<String, Instant> times = new HashMap<>();

    PointReader(JsonParser parser, Section section, Drift drift) {
        this.parser = parser;
        this.rows = new Rows(parser);
        this.section = section;
        this.drift = drift;
    }

    /** The fields of one object: its numbers, and its name and time where it has them. */
    record Fields(Optional<String> name, Optional<Instant> time, Measures measures) {}

    /** Reads the object that the parser stands at. */
    Fields read() throws IOException, Unreadable {
        rows.object("a point");
        names.clear();
        Optional<String> name = Optional.empty();
        Optional<Instant> time = Optional.empty();
        measures.begin();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            names.add(field);
            JsonToken token = parser.nextToken();
            if (field.equals("time")) {
                time = Optional.of(time());
            } else if (field.equals(section.nameField())) {
                name = Json.text(parser, field);
            } else {
                number(field, token);
            }
        }
        for (Section.Number number : section.numbers()) {
            if (number.required() && !measures.contains(number.measure())) {
                throw new Unreadable(
                        Reason.MISSING_FIELD, "/" + number.field(), number.field() + " is missing or null");
            }
        }
        return new Fields(name, time, measures.build());
    }

    private void number(String field, JsonToken token) throws IOException, Unreadable {
        Optional<Section.Number> number = section.number(field);
        if (number.isEmpty()) {
            drift.saw(section.stream(), field);
            parser.skipChildren();
        } else if (token != JsonToken.VALUE_NULL) {
            BigDecimal value =
                    number.get().asText() ? Numbers.numberOrText(parser, field) : Numbers.number(parser, field);
            measures.put(number.get().measure(), Measure.of(value, number.get().unit()));
        }
    }

    /** Every series repeats the same times. */
    private Instant time() throws IOException, Unreadable {
        String text = Json.text(parser, "time")
                .orElseThrow(() -> new Unreadable(Reason.MISSING_FIELD, "/time", "time is null"));
        Instant known = times.get(text);
        if (known != null) {
            return known;
        }
        Instant time = Times.instant(text)
                .orElseThrow(() -> new Unreadable(
                        Reason.TIME_OUT_OF_RANGE,
                        "/time",
                        "time is no point in time with a zone, or no plausible one"));
        if (times.size() < TIMES_KEPT) {
            times.put(text, time);
        }
        return time;
    }
}
