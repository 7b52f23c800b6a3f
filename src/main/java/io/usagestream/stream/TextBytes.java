package io.usagestream.stream;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The bytes of texts that rows repeat, such as measures' names and units: kept until another text takes their place. */
public final class TextBytes {
    private static final int PLACES = 256;

    private final Function<String, byte[]> encoding;
    private final @Nullable String[] texts = new String[PLACES];
    private final byte[][] bytes = new byte[PLACES][];

    /** @param encoding what the bytes of a text are; the same for the same text */
    public TextBytes(Function<String, byte[]> encoding) {
        this.encoding = encoding;
    }

    /** The bytes of a text; not to be changed. */
    public byte[] of(String text) {
        int place = text.hashCode() & PLACES - 1;
        if (!text.equals(texts[place])) {
            bytes[place] = encoding.apply(text);
            texts[place] = text;
        }
        return bytes[place];
    }
}
