package io.usagestream.source.scenario;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.usagestream.source.Drift;
import io.usagestream.source.Failure;
import io.usagestream.source.UpstreamException;
import io.usagestream.source.http.ErrorInstead;
import io.usagestream.source.json.Json;
import io.usagestream.stream.Reason;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/** The top of every answer: sections by name, some asked for, the others skipped unread. */
final class AnswerSections {
    private static final Set<String> KNOWN = Set.of(
            "activity", "assetUsages", "consumption", "modelUsages", "nsfwUsages", "usages", "entities", "object");

    /** Reads one section; the parser stands at its first token. */
    interface SectionReading {
        /** @return whether the section was wanted; one that was not is skipped */
        boolean read(String member, JsonToken first) throws IOException;
    }

    private final String stream;
    private final Drift drift;

    AnswerSections(String stream, Drift drift) {
        this.stream = stream;
        this.drift = drift;
    }

    /**
     * Reads a whole answer.
     *
     * @return the names of its sections, wanted or not
     */
    Set<String> read(JsonParser parser, SectionReading reading) throws IOException, ErrorInstead {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw malformed(Reason.MALFORMED_JSON, "the answer is not a JSON object");
        }
        Set<String> names = new HashSet<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            if (!names.add(name)) {
                throw malformed(Reason.MALFORMED_PAGE, "a section stands twice");
            }
            JsonToken first = parser.nextToken();
            if (isError(name, first)) {
                throw new ErrorInstead();
            }
            if (!reading.read(name, first)) {
                if (!KNOWN.contains(name)) {
                    drift.saw(stream, name);
                }
                parser.skipChildren();
            }
        }
        if (parser.nextToken() != null) {
            throw malformed(Reason.MALFORMED_JSON, "something follows the answer");
        }
        if (names.isEmpty()) {
            throw malformed(Reason.MALFORMED_JSON, "the answer is empty");
        }
        return names;
    }

    /** Its error envelope is not documented, so anything that calls itself one. */
    private static boolean isError(String name, JsonToken first) {
        return (name.equals("error") || name.equals("errors") || name.equals("errorMessage"))
                && first != JsonToken.VALUE_NULL;
    }

    static void list(JsonToken first, String member) {
        if (first != JsonToken.START_ARRAY) {
            throw malformed(Reason.MALFORMED_PAGE, member + " is not a list");
        }
    }

    static UpstreamException missing(String member) {
        return malformed(Reason.SECTION_MISSING, "the answer has no " + member);
    }

    static UpstreamException malformed(Reason reason, String message) {
        return new UpstreamException(new Failure.Malformed(reason, message));
    }

    /** A body that is no JSON; what the parser says may quote upstream. */
    static UpstreamException notJson() {
        return malformed(Reason.MALFORMED_JSON, "the answer is not JSON, or not within its limits");
    }

    /** A parser of the body. */
    static JsonParser parser(byte[] body) throws IOException {
        return Json.parser(body);
    }
}
