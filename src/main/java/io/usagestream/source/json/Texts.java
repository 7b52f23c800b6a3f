package io.usagestream.source.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Optional;

/** The texts of one document: rows repeat them, so each is made once. As many as a document may have are not kept. */
public final class Texts {
    private static final int KEPT = 4096;

    private final JsonParser parser;
    private Optional<?>[] table = new Optional<?>[64];
    private int size;

    public Texts(JsonParser parser) {
        this.parser = parser;
    }

    /** As {@link Json#text}. */
    @SuppressWarnings("unchecked") // only texts are put in
    public Optional<String> text(String field) throws IOException, Unreadable {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            return Json.text(parser, field);
        }
        char[] chars = parser.getTextCharacters();
        int offset = parser.getTextOffset();
        int length = parser.getTextLength();
        int at = slot(table, hash(chars, offset, length));
        while (table[at] != null) {
            Optional<String> kept = (Optional<String>) table[at];
            if (says(kept.orElseThrow(), chars, offset, length)) {
                return kept;
            }
            at = at + 1 & table.length - 1;
        }
        Optional<String> text = Json.text(parser, field);
        if (size < KEPT) {
            table[at] = text;
            size++;
            if (2 * size > table.length) {
                grow();
            }
        }
        return text;
    }

    /** A String's hash. Four characters a step: one after the other, each multiplication would wait for the one before. */
    private static int hash(char[] chars, int offset, int length) {
        int end = offset + length;
        int hash = 0;
        int i = offset;
        for (; i < end - 3; i += 4) {
            hash = 923_521 * hash + 29_791 * chars[i] + 961 * chars[i + 1] + 31 * chars[i + 2] + chars[i + 3];
        }
        for (; i < end; i++) {
            hash = 31 * hash + chars[i];
        }
        return hash;
    }

    private static boolean says(String text, char[] chars, int offset, int length) {
        if (text.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (text.charAt(i) != chars[offset + i]) {
                return false;
            }
        }
        return true;
    }

    private void grow() {
        Optional<?>[] larger = new Optional<?>[2 * table.length];
        for (Optional<?> text : table) {
            if (text != null) {
                int at = slot(larger, text.orElseThrow().hashCode());
                while (larger[at] != null) {
                    at = at + 1 & larger.length - 1;
                }
                larger[at] = text;
            }
        }
        table = larger;
    }

    /** Where the search for a hash begins: its high bits count, too. */
    private static int slot(Optional<?>[] table, int hash) {
        return (hash ^ hash >>> 15) & table.length - 1;
    }
}
