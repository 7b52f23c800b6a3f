package io.usagestream.stream;

import java.math.BigDecimal;
import java.util.Arrays;

/** Text on its way into a {@link Digest}, as UTF-8 in memory that is written to again and again: several for every row. */
public final class DigestText {
    private static final ThreadLocal<DigestText> OF_THREAD = ThreadLocal.withInitial(DigestText::new);

    /** Memory that one huge text blew up is given back. */
    private static final int KEPT = 1 << 16;

    private static final int LONG_DIGITS = 20;

    private final TextBytes words = new TextBytes(Digest::utf8);
    private byte[] bytes = new byte[1024];
    private int size;

    private DigestText() {}

    /** The thread's only one, empty: what another was writing is lost. */
    public static DigestText begin() {
        DigestText text = OF_THREAD.get();
        if (text.bytes.length > KEPT) {
            text.bytes = new byte[1024];
        }
        text.size = 0;
        return text;
    }

    /** Adds an ASCII character. */
    public DigestText add(char ascii) {
        room(1);
        bytes[size++] = (byte) ascii;
        return this;
    }

    /**
     * Adds a text.
     *
     * @throws IllegalArgumentException for a lone surrogate, as {@link Digest#of(String)}
     */
    public DigestText add(String text) {
        if (!Ascii.is(text)) {
            return add(Digest.utf8(text));
        }
        room(text.length());
        Ascii.copy(text, bytes, size);
        size += text.length();
        return this;
    }

    private DigestText add(byte[] utf8) {
        room(utf8.length);
        System.arraycopy(utf8, 0, bytes, size, utf8.length);
        size += utf8.length;
        return this;
    }

    /** Adds a text. */
    public DigestText add(Utf8 text) {
        room(text.length());
        text.copy(bytes, size);
        size += text.length();
        return this;
    }

    /** As {@link #add(String)}, for a text that rows repeat: its bytes are kept. */
    public DigestText word(String text) {
        return add(words.of(text));
    }

    /** Adds the n-th number as its plain decimal without trailing zeros. */
    public DigestText number(Measures measures, int n) {
        return measures.isCount(n)
                ? add(measures.count(n))
                : add(measures.value(n).value());
    }

    /** Adds a number as its plain decimal without trailing zeros. */
    public DigestText add(BigDecimal number) {
        return number.scale() == 0 && Measure.isNarrow(number)
                ? add(Measure.unscaled(number))
                : add(Measure.plain(number).toPlainString());
    }

    /** The digest of what was added. */
    public Digest digest() {
        return Digest.of(bytes, 0, size);
    }

    private DigestText add(long number) {
        if (number < 0) {
            add('-');
        }
        room(LONG_DIGITS);
        int digits = 1;
        for (long rest = Math.abs(number) / 10; rest > 0; rest /= 10) {
            digits++;
        }
        long rest = Math.abs(number);
        for (int i = size + digits - 1; i >= size; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        size += digits;
        return this;
    }

    private void room(int length) {
        if (size + length > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + length));
        }
    }
}
