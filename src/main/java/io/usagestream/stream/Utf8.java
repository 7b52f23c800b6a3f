package io.usagestream.stream;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Text as its UTF-8 bytes, in two parts. A point's id is the longest text that a row has, is never read as text on its way from
 * page to record, and both its parts, the bucket and the dimensions, are those of many other rows: they are shared.
 */
public final class Utf8 {
    private static final byte[] NOTHING = new byte[0];

    /** No text. */
    public static final Utf8 EMPTY = of(NOTHING);

    private final byte[] begin;
    private final byte[] end;

    private Utf8(byte[] begin, byte[] end) {
        this.begin = begin;
        this.end = end;
    }

    /**
     * Those bytes, one after the other; they are not copied, and must not change.
     *
     * @param begin a whole number of characters
     */
    public static Utf8 of(byte[] begin, byte[] end) {
        return new Utf8(begin, end);
    }

    /** Those bytes; they are not copied, and must not change. */
    public static Utf8 of(byte[] bytes) {
        return new Utf8(NOTHING, bytes);
    }

    /**
     * That text.
     *
     * @throws IllegalArgumentException for a lone surrogate, as {@link Digest#of(String)}
     */
    public static Utf8 of(String text) {
        return of(Digest.utf8(text));
    }

    /** Its number of bytes. */
    public int length() {
        return begin.length + end.length;
    }

    /** Copies all of its bytes. */
    public void copy(byte[] to, int at) {
        System.arraycopy(begin, 0, to, at, begin.length);
        System.arraycopy(end, 0, to, at + begin.length, end.length);
    }

    @Override
    public boolean equals(@Nullable Object o) {
        return this == o
                || o instanceof Utf8 other
                        && length() == other.length()
                        && toString().equals(other.toString());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }

    @Override
    public String toString() {
        byte[] all = new byte[length()];
        copy(all, 0);
        return new String(all, StandardCharsets.UTF_8);
    }
}
