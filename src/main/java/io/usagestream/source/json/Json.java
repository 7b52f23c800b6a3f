package io.usagestream.source.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.usagestream.stream.Reason;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * The streaming parser, with a number on everything that upstream decides.
 *
 * <p>A number may have more characters here than {@link Numbers} accepts, so that one absurd number costs its row and not the page.
 */
public final class Json {
    static final int MAX_DEPTH = 64;
    static final int MAX_STRING = 64 * 1024;
    private static final int MAX_NUMBER_SKIPPED = 64 * 1024;
    private static final int MAX_NAME = 4 * 1024;
    private static final long MAX_TOKENS = 8_000_000;
    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(MAX_STRING)
                    .maxNumberLength(MAX_NUMBER_SKIPPED)
                    .maxNameLength(MAX_NAME)
                    .maxTokenCount(MAX_TOKENS)
                    .build())
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private Json() {}

    /** A parser of a whole document in UTF-8. */
    public static JsonParser parser(byte[] body) throws IOException {
        refuseImpossibleByte(body);
        return parser(body, 0, body.length);
    }

    /**
     * No text in UTF-8 has a byte 0xff. The parser's table of names pads with it, so that a name with one may pass for a shorter
     * one that was seen before (jackson-core 2.22.1; found by fuzzing, seed 20375105): what a page means would depend on its
     * predecessors.
     */
    private static void refuseImpossibleByte(byte[] body) throws IOException {
        int at = 0;
        for (; at + Long.BYTES <= body.length; at += Long.BYTES) {
            if (hasZeroByte(~(long) EIGHT.get(body, at))) {
                throw new IOException("not UTF-8");
            }
        }
        for (; at < body.length; at++) {
            if (body[at] == (byte) 0xff) {
                throw new IOException("not UTF-8");
            }
        }
    }

    /** The lowest byte that is zero, if one is, has its high bit set once one was taken from every byte, and had it not before. */
    private static boolean hasZeroByte(long eight) {
        return ((eight - 0x0101010101010101L) & ~eight & 0x8080808080808080L) != 0;
    }

    /** A parser of a part of a document in UTF-8. */
    public static JsonParser parser(byte[] body, int from, int length) throws IOException {
        if (length > 1 && (body[from] == 0 || body[from + 1] == 0)) {
            // the parser would take it for UTF-16 or -32, and byte offsets would say nothing
            throw new IOException("not UTF-8");
        }
        return FACTORY.createParser(body, from, length);
    }

    /** Where the current token begins. */
    public static int begin(JsonParser parser) {
        return (int) parser.currentTokenLocation().getByteOffset();
    }

    /** Where the current token ends. */
    public static int end(JsonParser parser) throws IOException {
        parser.finishToken();
        return (int) parser.currentLocation().getByteOffset();
    }

    /**
     * The current token as text; empty for null.
     *
     * @throws Unreadable when it is something else, or has no UTF-8 form
     */
    public static Optional<String> text(JsonParser parser, String field) throws IOException, Unreadable {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_NULL) {
            return Optional.empty();
        }
        if (token != JsonToken.VALUE_STRING) {
            throw new Unreadable(Reason.MISSING_FIELD, "/" + field, field + " is not text");
        }
        return Optional.of(whole(parser.getText(), field));
    }

    /** The text itself, refused when it holds half a surrogate pair: Java would encode every one as the same byte. */
    public static String whole(String text, String field) throws Unreadable {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                if (Character.isHighSurrogate(c)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1))) {
                    i++;
                } else {
                    throw new Unreadable(Reason.MALFORMED_JSON, "/" + field, field + " holds half a surrogate pair");
                }
            }
        }
        return text;
    }
}
