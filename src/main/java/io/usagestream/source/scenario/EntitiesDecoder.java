package io.usagestream.source.scenario;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.usagestream.source.Drift;
import io.usagestream.source.http.ErrorInstead;
import io.usagestream.source.json.Json;
import io.usagestream.source.json.Names;
import io.usagestream.source.json.Numbers;
import io.usagestream.source.json.Quarantine;
import io.usagestream.source.json.Redaction;
import io.usagestream.source.json.Rows;
import io.usagestream.source.json.Unreadable;
import io.usagestream.stream.Entity;
import io.usagestream.stream.Page;
import io.usagestream.stream.Quarantined;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Window;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Decodes what ids mean. What was not named is skipped in the stream and never becomes an object of ours. */
final class EntitiesDecoder {
    private static final String MEMBER = Catalogue.ENTITIES;

    private final Wanted wanted;
    private final Redaction redaction;
    private final Drift drift;

    EntitiesDecoder(Wanted wanted, Redaction redaction, Drift drift) {
        this.wanted = wanted;
        this.redaction = redaction;
        this.drift = drift;
    }

    /** Decodes a whole body. */
    Page.Entities decode(byte[] body, Window window, Optional<Instant> date) throws ErrorInstead {
        List<Entity> entities = new ArrayList<>();
        List<Quarantined> bad = new ArrayList<>();
        try (JsonParser parser = AnswerSections.parser(body)) {
            Quarantine quarantine = new Quarantine(body, redaction, false);
            Set<String> found = new AnswerSections(MEMBER, drift).read(parser, (member, first) -> {
                if (!member.equals(MEMBER)) {
                    return false;
                }
                if (first != JsonToken.START_OBJECT) {
                    throw AnswerSections.malformed(Reason.MALFORMED_PAGE, "entities are not an object");
                }
                sections(parser, quarantine, window, entities, bad);
                return true;
            });
            if (!found.contains(MEMBER)) {
                throw AnswerSections.missing(MEMBER);
            }
        } catch (IOException e) {
            throw AnswerSections.notJson();
        }
        return new Page.Entities(date, entities, bad);
    }

    private void sections(
            JsonParser parser, Quarantine quarantine, Window window, List<Entity> entities, List<Quarantined> bad)
            throws IOException {
        Rows rows = new Rows(parser);
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String section = parser.currentName();
            JsonToken first = parser.nextToken();
            if (!wanted.section(section) || first != JsonToken.START_ARRAY) {
                parser.skipChildren();
                continue;
            }
            String pointer = "/entities/" + section + "/";
            for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
                int index = i;
                rows.read(
                                from -> entity(parser, rows, section),
                                b -> bad.add(quarantine.of(b, pointer + index, Optional.of(window.from()))))
                        .ifPresent(entities::add);
            }
        }
    }

    private Entity entity(JsonParser parser, Rows rows, String section) throws IOException, Unreadable {
        rows.object("an entity");
        Names names = new Names();
        Optional<String> id = Optional.empty();
        Optional<String> name = Optional.empty();
        SortedMap<String, String> attributes = new TreeMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            names.add(field);
            parser.nextToken();
            if (field.equals("id")) {
                id = Json.text(parser, field);
            } else if (!wanted.field(section, field)) {
                parser.skipChildren();
            } else if (field.equals("name")) {
                name = scalar(parser, field);
            } else {
                scalar(parser, field).ifPresent(value -> attributes.put(field, value));
            }
        }
        String known = id.orElseThrow(() -> new Unreadable(Reason.MISSING_FIELD, "/id", "id is missing or null"));
        return new Entity(kind(section), known, name, attributes);
    }

    /** Text, a number or a truth as text; whatever is no scalar is left out. */
    private static Optional<String> scalar(JsonParser parser, String field) throws IOException, Unreadable {
        JsonToken token = parser.currentToken();
        if (token.isStructStart()) {
            parser.skipChildren();
            return Optional.empty();
        }
        if (token.isNumeric()) {
            return Optional.of(Numbers.number(parser, field).toPlainString());
        }
        if (token.isBoolean()) {
            return Optional.of(Boolean.toString(token == JsonToken.VALUE_TRUE));
        }
        return Json.text(parser, field);
    }

    /** {@code models} holds what is a {@code model}. */
    private static String kind(String section) {
        return section.endsWith("s") ? section.substring(0, section.length() - 1) : section;
    }
}
