package io.usagestream.source.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The texts of one document: rows repeat them, most times in the same order, so each is made once. As many or as long ones as a
 * document may have are not kept.
 */
public final class Texts {
    private static final int KEPT = 4096;
    private static final int LONGEST = 256;

    private final JsonParser parser;
    private @Nullable Kept[] table = new Kept[64];
    private int size;
    private Kept before = new Kept(new char[0], Optional.empty());

    /** A text that was made. */
    private static final class Kept {
        private final char[] chars;
        private final Optional<String> text;

        /** The one that followed it when it was read last. */
        private @Nullable Kept next;

        Kept(char[] chars, Optional<String> text) {
            this.chars = chars;
            this.text = text;
        }

        boolean says(char[] from, int offset, int length) {
            return Arrays.equals(chars, 0, chars.length, from, offset, offset + length);
        }
    }

    public Texts(JsonParser parser) {
        this.parser = parser;
    }

    /** As {@link Json#text}. */
    public Optional<String> text(String field) throws IOException, Unreadable {
        if (parser.currentToken() != JsonToken.VALUE_STRING || parser.getTextLength() > LONGEST) {
            return Json.text(parser, field);
        }
        char[] chars = parser.getTextCharacters();
        int offset = parser.getTextOffset();
        int length = parser.getTextLength();
        Kept next = before.next;
        if (next != null && next.says(chars, offset, length)) {
            before = next;
            return next.text;
        }
        return find(chars, offset, length, field);
    }

    private Optional<String> find(char[] chars, int offset, int length, String field) throws IOException, Unreadable {
        int at = slot(table, hash(chars, offset, length));
        for (Kept kept = table[at]; kept != null; kept = table[at]) {
            if (kept.says(chars, offset, length)) {
                return follow(kept);
            }
            at = at + 1 & table.length - 1;
        }
        if (size == KEPT) {
            return Json.text(parser, field); // and nothing leads to it
        }
        char[] own = Arrays.copyOfRange(chars, offset, offset + length);
        Kept made = new Kept(own, Json.text(parser, field));
        table[at] = made;
        size++;
        if (2 * size > table.length) {
            grow();
        }
        return follow(made);
    }

    private Optional<String> follow(Kept text) {
        before.next = text;
        before = text;
        return text.text;
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

    private void grow() {
        @Nullable Kept[] larger = new Kept[2 * table.length];
        for (Kept kept : table) {
            if (kept != null) {
                int at = slot(larger, hash(kept.chars, 0, kept.chars.length));
                while (larger[at] != null) {
                    at = at + 1 & larger.length - 1;
                }
                larger[at] = kept;
            }
        }
        table = larger;
    }

    /** Where the search for a hash begins: its high bits count, too. */
    private static int slot(@Nullable Kept[] table, int hash) {
        return (hash ^ hash >>> 15) & table.length - 1;
    }
}
