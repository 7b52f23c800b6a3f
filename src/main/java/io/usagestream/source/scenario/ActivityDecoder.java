package io.usagestream.source.scenario;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.usagestream.source.Clocks;
import io.usagestream.source.Drift;
import io.usagestream.source.UserNames;
import io.usagestream.source.http.ErrorInstead;
import io.usagestream.source.json.Bad;
import io.usagestream.source.json.Json;
import io.usagestream.source.json.Member;
import io.usagestream.source.json.Names;
import io.usagestream.source.json.Numbers;
import io.usagestream.source.json.Quarantine;
import io.usagestream.source.json.Redaction;
import io.usagestream.source.json.Rows;
import io.usagestream.source.json.Times;
import io.usagestream.source.json.Unreadable;
import io.usagestream.stream.Event;
import io.usagestream.stream.LogRow;
import io.usagestream.stream.Measure;
import io.usagestream.stream.Page;
import io.usagestream.stream.Reason;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Decodes a page of the activity log: every row in upstream's order, none left out, since order and number are evidence. */
final class ActivityDecoder {
    private static final String STREAM = Catalogue.ACTIVITY;

    private final UserNames users;
    private final Redaction redaction;
    private final Drift drift;

    ActivityDecoder(UserNames users, Redaction redaction, Drift drift) {
        this.users = users;
        this.redaction = redaction;
        this.drift = drift;
    }

    /**
     * Decodes a whole body.
     *
     * @param date upstream's clock
     * @param now ours
     */
    Page.Log decode(byte[] body, Optional<Instant> date, Instant now) throws ErrorInstead {
        List<LogRow> rows = new ArrayList<>();
        try (JsonParser parser = AnswerSections.parser(body)) {
            Quarantine quarantine = new Quarantine(body, redaction, users.plain());
            Rows guarded = new Rows(parser);
            Clocks clocks = Clocks.of(date, now);
            EventReader events = new EventReader(parser, guarded, clocks);
            Set<String> found = new AnswerSections(STREAM, drift).read(parser, (member, first) -> {
                if (!member.equals(STREAM)) {
                    return false;
                }
                AnswerSections.list(first, member);
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    // no index in the pointer: the same row at another offset must equal itself
                    guarded.read(
                                    from -> events.read(),
                                    bad -> rows.add(quarantine.of(bad, "/activity", time(body, bad, clocks))))
                            .ifPresent(rows::add);
                }
                return true;
            });
            if (!found.contains(STREAM)) {
                throw AnswerSections.missing(STREAM);
            }
        } catch (IOException e) {
            throw AnswerSections.notJson();
        }
        return new Page.Log(date, rows);
    }

    /** When it happened, where that much of a row can be read: slices do not end where days do. */
    private static Optional<Instant> time(byte[] body, Bad bad, Clocks clocks) {
        return Member.of(body, bad, "time").flatMap(Times::instant).filter(time -> !clocks.isFuture(time));
    }

    /** Reads one event. */
    private final class EventReader {
        private final JsonParser parser;
        private final Rows rows;
        private final Clocks clocks;
        private final Names names = new Names();
        private final Names dataNames = new Names();
        private final Names byokNames = new Names();
        private Optional<String> asset = Optional.empty();
        private Optional<String> collection = Optional.empty();
        private Optional<String> job = Optional.empty();
        private Optional<String> model = Optional.empty();
        private Optional<Boolean> apiKey = Optional.empty();
        private Optional<Event.ByokProvider> byok = Optional.empty();

        EventReader(JsonParser parser, Rows rows, Clocks clocks) {
            this.parser = parser;
            this.rows = rows;
            this.clocks = clocks;
        }

        Event read() throws IOException, Unreadable {
            rows.object("an event");
            clear();
            Optional<String> action = Optional.empty();
            Optional<String> time = Optional.empty();
            Optional<String> project = Optional.empty();
            Optional<String> user = Optional.empty();
            Optional<Measure> cost = Optional.empty();
            boolean data = false;
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                names.add(name);
                JsonToken token = parser.nextToken();
                switch (name) {
                    case "action" -> action = Json.text(parser, name);
                    case "time" -> time = Json.text(parser, name);
                    case "projectId" -> project = Json.text(parser, name);
                    case "userId" -> user = Json.text(parser, name);
                    case "creativeUnitsCost" ->
                        cost = token == JsonToken.VALUE_NULL ? Optional.empty() : Optional.of(rounded(name));
                    case "data" -> {
                        data = token == JsonToken.START_OBJECT;
                        if (data) {
                            data();
                        } else {
                            parser.skipChildren();
                        }
                    }
                    default -> {
                        drift.saw(STREAM, name);
                        parser.skipChildren();
                    }
                }
            }
            if (!data) {
                throw new Unreadable(Reason.MISSING_FIELD, "/data", "data is missing or not an object");
            }
            Instant at = Times.instant(required(time, "time"))
                    .filter(t -> !clocks.isFuture(t))
                    .orElseThrow(() -> new Unreadable(
                            Reason.TIME_OUT_OF_RANGE, "/time", "time is no plausible point in time with a zone"));
            return new Event(
                    required(action, "action"),
                    at.truncatedTo(ChronoUnit.MILLIS), // as a record has it: its id must be found from the record alone
                    required(project, "projectId"),
                    users.say(required(user, "userId")).orElse(""),
                    asset,
                    collection,
                    job,
                    model,
                    apiKey,
                    byok,
                    cost);
        }

        private void clear() {
            names.clear();
            asset = Optional.empty();
            collection = Optional.empty();
            job = Optional.empty();
            model = Optional.empty();
            apiKey = Optional.empty();
            byok = Optional.empty();
        }

        /** Finer than 18 decimals it is rounded, and an event has no room for the exact text. */
        private Measure rounded(String name) throws IOException, Unreadable {
            Measure cost = Measure.of(Numbers.number(parser, name), Event.COST_UNIT);
            return new Measure(cost.value(), cost.unit(), Optional.empty());
        }

        private void data() throws IOException, Unreadable {
            dataNames.clear();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                dataNames.add(name);
                JsonToken token = parser.nextToken();
                switch (name) {
                    case "assetId" -> asset = Json.text(parser, "data/assetId");
                    case "collectionId" -> collection = Json.text(parser, "data/collectionId");
                    case "jobId" -> job = Json.text(parser, "data/jobId");
                    case "modelId" -> model = Json.text(parser, "data/modelId");
                    case "isApiKey" -> apiKey = truth(token);
                    case "byokProvider" -> byok = byok(token);
                    default -> {
                        drift.saw(STREAM, name);
                        parser.skipChildren();
                    }
                }
            }
        }

        private Optional<Boolean> truth(JsonToken token) throws Unreadable {
            if (token == JsonToken.VALUE_NULL) {
                return Optional.empty();
            }
            if (!token.isBoolean()) {
                throw new Unreadable(Reason.MISSING_FIELD, "/data/isApiKey", "isApiKey is neither true nor false");
            }
            return Optional.of(token == JsonToken.VALUE_TRUE);
        }

        private Optional<Event.ByokProvider> byok(JsonToken token) throws IOException, Unreadable {
            if (token == JsonToken.VALUE_NULL) {
                return Optional.empty();
            }
            if (token != JsonToken.START_OBJECT) {
                throw new Unreadable(Reason.MISSING_FIELD, "/data/byokProvider", "byokProvider is not an object");
            }
            byokNames.clear();
            Optional<String> id = Optional.empty();
            Optional<String> displayName = Optional.empty();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                byokNames.add(name);
                parser.nextToken();
                switch (name) {
                    case "id" -> id = Json.text(parser, "data/byokProvider/id");
                    case "displayName" -> displayName = Json.text(parser, "data/byokProvider/displayName");
                    default -> {
                        drift.saw(STREAM, name);
                        parser.skipChildren();
                    }
                }
            }
            return Optional.of(new Event.ByokProvider(id, displayName));
        }

        private String required(Optional<String> value, String field) throws Unreadable {
            return value.orElseThrow(
                    () -> new Unreadable(Reason.MISSING_FIELD, "/" + field, field + " is missing or null"));
        }
    }
}
