package io.usagestream.dev.upstream.openai;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Base64;

/**
 * OpenAI's "continue here", in the form that public examples have: {@code page_} and the Base64 of 20 bytes.
 *
 * @param issued when it was given out
 * @param query a hash of the query that it belongs to
 * @param next the start of the next bucket
 */
record Cursor(Instant issued, int query, Instant next) {
    private static final String PREFIX = "page_";
    private static final int LENGTH = 20;

    String text() {
        byte[] bytes = ByteBuffer.allocate(LENGTH)
                .putLong(issued.getEpochSecond())
                .putInt(query)
                .putLong(next.getEpochSecond())
                .array();
        return PREFIX + Base64.getEncoder().encodeToString(bytes);
    }

    /**
     * The cursor of that text.
     *
     * @throws Refusal when it is none
     */
    static Cursor parse(String text) {
        if (!text.startsWith(PREFIX)) {
            throw Refusal.badCursor();
        }
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text.substring(PREFIX.length())));
            if (bytes.remaining() != LENGTH) {
                throw Refusal.badCursor();
            }
            return new Cursor(
                    Instant.ofEpochSecond(bytes.getLong()), bytes.getInt(), Instant.ofEpochSecond(bytes.getLong()));
        } catch (IllegalArgumentException e) {
            throw Refusal.badCursor();
        }
    }
}
