package io.usagestream.source.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Rewrites a row that was set aside so that it can be shown: at most 8 KiB, without personal fields, keys and prompts. */
final class Fragment {
    /** Bytes that a fragment may have. */
    static final int MAX_BYTES = 8 * 1024;

    private static final int ENOUGH = 1_900;
    private static final int MAX_TEXT = 120;
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final Set<String> WHOLE = Set.of(
            "input", "inputs", "output", "metadata", "avatar", "users", "user", "headers", "request", "messages");
    private static final Set<String> PERSONAL = Set.of(
            "mail",
            "fullname",
            "firstname",
            "lastname",
            "username",
            "displayname",
            "avatar",
            "url",
            "phone",
            "address",
            "secret",
            "password",
            "authorization",
            "cookie",
            "prompt",
            "description",
            "apikeyvalue");
    private static final Set<String> KEYS =
            Set.of("key", "apikey", "adminkey", "accesskey", "privatekey", "name", "ip");

    private final Redaction redaction;
    private final boolean userIds;

    /** @param userIds whether user ids may be shown */
    Fragment(Redaction redaction, boolean userIds) {
        this.redaction = redaction;
        this.userIds = userIds;
    }

    /** The part of the body, rewritten; empty when it cannot be read again. */
    Optional<String> of(byte[] body, int from, int to) {
        StringWriter text = new StringWriter();
        try (JsonParser in = Json.parser(body, from, to - from)) {
            try (JsonGenerator out = FACTORY.createGenerator(text)) {
                out.configure(JsonGenerator.Feature.ESCAPE_NON_ASCII, true);
                copy(in, out, text);
            }
            return text.getBuffer().length() > MAX_BYTES ? Optional.empty() : Optional.of(text.toString());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private void copy(JsonParser in, JsonGenerator out, StringWriter text) throws IOException {
        String field = "";
        int depth = 0;
        for (JsonToken token = in.nextToken(); token != null; token = in.nextToken()) {
            if (token == JsonToken.FIELD_NAME) {
                out.flush();
                if (text.getBuffer().length() > ENOUGH) {
                    return; // closing the generator closes what is open
                }
                field = in.currentName();
                out.writeFieldName(name(field));
                continue;
            }
            if (token.isStructStart() && WHOLE.contains(plain(field))) {
                in.skipChildren();
                out.writeString("<removed>");
            } else if (token.isStructStart()) {
                depth++;
                open(token, out);
            } else if (token.isStructEnd()) {
                depth--;
                close(token, out);
            } else {
                value(in, token, field, out);
            }
            out.flush();
            if (depth == 0
                    || text.getBuffer().length() > ENOUGH
                            && out.getOutputContext().inArray()) {
                return;
            }
        }
    }

    private static void open(JsonToken token, JsonGenerator out) throws IOException {
        if (token == JsonToken.START_OBJECT) {
            out.writeStartObject();
        } else {
            out.writeStartArray();
        }
    }

    private static void close(JsonToken token, JsonGenerator out) throws IOException {
        if (token == JsonToken.END_OBJECT) {
            out.writeEndObject();
        } else {
            out.writeEndArray();
        }
    }

    private void value(JsonParser in, JsonToken token, String field, JsonGenerator out) throws IOException {
        if (token == JsonToken.VALUE_STRING) {
            out.writeString(shown(field, in.getText()));
        } else if (token.isNumeric()) {
            String number = in.getText();
            if (number.length() > Numbers.MAX_LENGTH) {
                out.writeString("<a number of " + number.length() + " characters>");
            } else {
                out.writeNumber(number);
            }
        } else if (token == JsonToken.VALUE_NULL) {
            out.writeNull();
        } else {
            out.writeBoolean(token == JsonToken.VALUE_TRUE);
        }
    }

    private String name(String field) {
        return field.length() > 64 ? "<a name of " + field.length() + " characters>" : redaction.opaque(field);
    }

    private String shown(String field, String value) {
        String plain = plain(field);
        if (!userIds && plain.equals("userid")
                || PERSONAL.stream().anyMatch(plain::contains)
                || KEYS.contains(plain) && !value.isEmpty() && !looksLikeNumber(value)) {
            return "<removed>";
        }
        boolean id = plain.endsWith("id") || plain.equals("model") || plain.equals("lineitem");
        String clean = id ? redaction.text(value) : redaction.opaque(value);
        return clean.length() <= MAX_TEXT ? clean : clean.substring(0, MAX_TEXT) + "<cut>";
    }

    private static boolean looksLikeNumber(String value) {
        return value.length() <= Numbers.MAX_LENGTH
                && value.chars().noneMatch(c -> Character.isLetter(c) && c != 'e' && c != 'E');
    }

    private static String plain(String field) {
        return field.replace("_", "").replace("-", "").toLowerCase(Locale.ROOT);
    }
}
