package io.usagestream.stream;

/** Text whose UTF-8 bytes are its characters: nearly all that is written. */
public final class Ascii {
    private static final int ABOVE = 0x80;

    private Ascii() {}

    /** Whether a text has no other characters. Looks at all of them: a loop without a way out takes several at a time. */
    public static boolean is(String text) {
        int all = 0;
        for (int i = 0; i < text.length(); i++) {
            all |= text.charAt(i);
        }
        return all < ABOVE;
    }

    /** Copies such a text. */
    @SuppressWarnings("deprecation") // it drops high bytes, and there are none
    public static void copy(String ascii, byte[] to, int at) {
        ascii.getBytes(0, ascii.length(), to, at);
    }
}
