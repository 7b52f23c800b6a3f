package io.usagestream.envelope;

import java.io.OutputStream;
import java.util.Arrays;
import java.util.function.IntFunction;

/** Memory that is written to again and again. */
final class Buffer extends OutputStream {
    /** A buffer that one huge record blew up is given back. */
    private static final int KEPT = 1 << 20;

    private byte[] bytes;
    private int size;

    Buffer() {
        this(1024);
    }

    /** Memory with room for that much at first. */
    Buffer(int room) {
        bytes = new byte[room];
    }

    /** Begins anew, with those bytes. */
    void reset(byte[] prefix) {
        if (bytes.length > KEPT) {
            bytes = new byte[1024];
        }
        size = 0;
        write(prefix, 0, prefix.length);
    }

    /** A copy of what was written. */
    byte[] bytes() {
        return bytes(byte[]::new);
    }

    /** A copy of what was written, in an array of that length. */
    byte[] bytes(IntFunction<byte[]> arrays) {
        byte[] copy = arrays.apply(size);
        System.arraycopy(bytes, 0, copy, 0, size);
        return copy;
    }

    /** A copy of what was written, and of those bytes behind it. */
    byte[] bytes(byte[] rest) {
        byte[] all = Arrays.copyOf(bytes, size + rest.length);
        System.arraycopy(rest, 0, all, size, rest.length);
        return all;
    }

    @Override
    public void write(int b) {
        room(1);
        bytes[size++] = (byte) b;
    }

    @Override
    public void write(byte[] source, int offset, int length) {
        room(length);
        System.arraycopy(source, offset, bytes, size, length);
        size += length;
    }

    private void room(int length) {
        if (size + length > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + length));
        }
    }
}
