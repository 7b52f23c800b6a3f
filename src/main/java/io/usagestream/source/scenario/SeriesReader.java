package io.usagestream.source.scenario;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.usagestream.source.Drift;
import io.usagestream.source.json.Bad;
import io.usagestream.source.json.Json;
import io.usagestream.source.json.Names;
import io.usagestream.source.json.Quarantine;
import io.usagestream.source.json.Rows;
import io.usagestream.source.json.Unreadable;
import io.usagestream.stream.Quarantined;
import io.usagestream.stream.Reason;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads one section of series: entries with a name and points with times. */
final class SeriesReader {
    private static final String POINTS = "points";
    private static final String GRANULARITY = "granularity";

    private final JsonParser parser;
    private final Section section;
    private final Drift drift;
    private final Rows rows;
    private final PointReader reader;
    private final Quarantine quarantine;
    private final Instant windowStart;
    private final Names names = new Names();
    private final List<SeriesPoint> points = new ArrayList<>();
    private final List<Quarantined> bad = new ArrayList<>();
    private final Set<String> granularities = new LinkedHashSet<>();

    SeriesReader(JsonParser parser, Section section, Quarantine quarantine, Instant windowStart, Drift drift) {
        this.parser = parser;
        this.section = section;
        this.drift = drift;
        this.rows = new Rows(parser);
        this.reader = new PointReader(parser, section, drift);
        this.quarantine = quarantine;
        this.windowStart = windowStart;
    }

    /** Reads the list that the parser stands at. */
    void read() throws IOException {
        for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
            String pointer = "/" + section.member() + "/" + i;
            rows.read(
                    from -> {
                        entry(pointer);
                        return true;
                    },
                    b -> bad.add(quarantine.of(b, pointer, Optional.empty())));
        }
    }

    /** What could be read, in upstream's order. */
    List<SeriesPoint> points() {
        return points;
    }

    /** What could not. */
    List<Quarantined> bad() {
        return bad;
    }

    /** The granularities that entries say; one at most where all is well. */
    Set<String> granularities() {
        return granularities;
    }

    private record Draft(PointReader.Fields fields, int index, int from, int to) {}

    private record BadPoint(Bad bad, int index) {}

    private void entry(String pointer) throws IOException, Unreadable {
        rows.object("an entry");
        names.clear();
        Optional<String> name = Optional.empty();
        boolean found = false;
        List<Draft> good = new ArrayList<>();
        List<BadPoint> unreadable = new ArrayList<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            names.add(field);
            JsonToken token = parser.nextToken();
            if (field.equals(section.nameField())) {
                name = Json.text(parser, field);
            } else if (field.equals(POINTS)) {
                found = token == JsonToken.START_ARRAY;
                if (!found) {
                    throw new Unreadable(Reason.MISSING_FIELD, "/points", "points are not a list");
                }
                points(good, unreadable);
            } else if (field.equals(GRANULARITY) && section == Section.USAGES) {
                granularities.add(Json.text(parser, field).orElse(""));
            } else {
                drift.saw(section.stream(), field);
                parser.skipChildren();
            }
        }
        if (name.isEmpty()) {
            throw new Unreadable(
                    Reason.MISSING_FIELD, "/" + section.nameField(), section.nameField() + " is missing or null");
        }
        if (!found) {
            throw new Unreadable(Reason.MISSING_FIELD, "/points", "an entry without points");
        }
        String at = pointer + "/points/";
        for (Draft draft : good) {
            points.add(new SeriesPoint(
                    name.get(),
                    draft.fields().time().orElse(windowStart),
                    draft.fields().measures(),
                    at + draft.index(),
                    draft.from(),
                    draft.to()));
        }
        for (BadPoint point : unreadable) {
            bad.add(quarantine.of(point.bad(), name.get(), at + point.index(), Optional.empty()));
        }
    }

    private void points(List<Draft> good, List<BadPoint> unreadable) throws IOException {
        for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
            int index = i;
            rows.read(
                            from -> {
                                PointReader.Fields read = reader.read();
                                if (read.time().isEmpty()) {
                                    throw new Unreadable(Reason.MISSING_FIELD, "/time", "time is missing");
                                }
                                return new Draft(read, index, from, Json.end(parser));
                            },
                            b -> unreadable.add(new BadPoint(b, index)))
                    .ifPresent(good::add);
        }
    }
}
