package io.usagestream.dedup;

import io.usagestream.stream.Measure;
import io.usagestream.stream.Utf8;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;

/** A growing byte array with the encodings of packed rows: variable-length integers, decimals, raw bytes. */
public final class PackedBytes {
    /** Set in a decimal's first byte when its unscaled value does not fit a long. */
    private static final int WIDE = 0x80;

    /** Grows by this power of a half. */
    private final int growth;

    private byte[] bytes;
    private int end;

    /** Bytes that stay: they grow by an eighth, so that little of the heap is held for nothing. */
    public PackedBytes(int capacity) {
        this(capacity, 3);
    }

    private PackedBytes(int capacity, int growth) {
        this.bytes = new byte[Math.max(16, capacity)];
        this.growth = growth;
    }

    /** Bytes that are soon copied out: they double, because growing by an eighth allocates nine times what is written. */
    public static PackedBytes passing(int capacity) {
        return new PackedBytes(capacity, 0);
    }

    public int end() {
        return end;
    }

    /** The array itself; valid to {@link #end()} until the next write. */
    public byte[] array() {
        return bytes;
    }

    public byte[] toArray() {
        return Arrays.copyOf(bytes, end);
    }

    public void clear() {
        end = 0;
    }

    public void putByte(int value) {
        room(1);
        bytes[end++] = (byte) value;
    }

    public void putLong(long value) {
        room(8);
        for (int shift = 56; shift >= 0; shift -= 8) {
            bytes[end++] = (byte) (value >>> shift);
        }
    }

    /** Seven bits a byte, the lowest first. */
    public void putVarint(long value) {
        room(10);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[end++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[end++] = (byte) rest;
    }

    /** Scale and unscaled value; the scale is at most 18. */
    public void putDecimal(BigDecimal value) {
        if (Measure.isNarrow(value)) {
            putNarrow(value.scale(), Measure.unscaled(value));
            return;
        }
        BigInteger unscaled = value.unscaledValue();
        if (unscaled.bitLength() <= 63) {
            putNarrow(value.scale(), unscaled.longValue());
        } else {
            putByte(value.scale() | WIDE);
            byte[] wide = unscaled.toByteArray();
            putVarint(wide.length);
            put(wide, 0, wide.length);
        }
    }

    /** As {@link #putDecimal} of the same number. */
    public void putCount(long count) {
        putNarrow(0, count);
    }

    private void putNarrow(int scale, long unscaled) {
        putByte(scale);
        putVarint((unscaled << 1) ^ (unscaled >> 63));
    }

    /** Length and UTF-8 of a text. */
    public void putText(Utf8 text) {
        int length = text.length();
        putVarint(length);
        room(length);
        text.copy(bytes, end);
        end += length;
    }

    public void put(byte[] source, int from, int length) {
        room(length);
        System.arraycopy(source, from, bytes, end, length);
        end += length;
    }

    private void room(int length) {
        if (end + length > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(end + length, bytes.length + (bytes.length >> growth) + 16));
        }
    }

    /** A place to read from; every read moves it. */
    public static final class Cursor {
        private final byte[] bytes;
        private int at;

        public Cursor(byte[] bytes, int at) {
            this.bytes = bytes;
            this.at = at;
        }

        public int at() {
            return at;
        }

        public boolean atEnd() {
            return at >= bytes.length;
        }

        public void skip(int length) {
            at += length;
        }

        public int readByte() {
            return bytes[at++] & 0xff;
        }

        public long readLong() {
            long value = 0;
            for (int i = 0; i < 8; i++) {
                value = value << 8 | (bytes[at++] & 0xff);
            }
            return value;
        }

        public long readVarint() {
            long value = 0;
            for (int shift = 0; ; shift += 7) {
                byte b = bytes[at++];
                value |= (long) (b & 0x7f) << shift;
                if (b >= 0) {
                    return value;
                }
            }
        }

        /** Whether a whole number that fits a long is next. */
        public boolean atCount() {
            return bytes[at] == 0;
        }

        /** The whole number that is next. */
        public long readCount() {
            skip(1);
            return readZigzag();
        }

        public BigDecimal readDecimal() {
            int head = readByte();
            if ((head & WIDE) == 0) {
                return BigDecimal.valueOf(readZigzag(), head);
            }
            byte[] wide = readBytes((int) readVarint());
            return new BigDecimal(new BigInteger(wide), head & ~WIDE);
        }

        private long readZigzag() {
            long zigzag = readVarint();
            return (zigzag >>> 1) ^ -(zigzag & 1);
        }

        public byte[] readBytes(int length) {
            byte[] read = Arrays.copyOfRange(bytes, at, at + length);
            at += length;
            return read;
        }
    }
}
