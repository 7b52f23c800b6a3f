package io.usagestream.source.http;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.Optional;

/** The bytes of an answer, counted as they come, decompressed as they come. */
final class Body {
    /** What a piece of the body came to. */
    enum Outcome {
        GOOD,
        /** More bytes than may be. */
        TOO_LARGE,
        /** So much more than came over the wire that it can only be meant to hurt. */
        BOMB,
        /** Not what its encoding says. */
        CORRUPT
    }

    /** Where upstream does not say how much will come. */
    private static final int FIRST = 4 * 1024;

    /** A promise costs upstream nothing: more than this is made room for only when it comes. */
    private static final int BELIEVED = 1 << 20;

    private final long limit;
    private final Optional<Gunzip> gunzip;
    private byte[] bytes;
    private int size;
    private long received;

    Body(long limit, boolean compressed) {
        this(limit, compressed, 0);
    }

    /** @param announced length that upstream says it has: room for as much is made at once, within reason; 0: it says none */
    Body(long limit, boolean compressed, long announced) {
        this.limit = Math.min(limit, Integer.MAX_VALUE - 8);
        this.bytes = new byte[announced > 0 ? (int) Math.min(announced, BELIEVED) : FIRST];
        this.gunzip = compressed ? Optional.of(new Gunzip()) : Optional.empty();
    }

    /** Takes a piece. */
    Outcome add(Buffer piece) {
        received += piece.length();
        return gunzip.isPresent() ? gunzip.get().feed(piece.getBytes(), this) : append(piece);
    }

    private Outcome append(Buffer piece) {
        if (size + (long) piece.length() > limit) {
            return Outcome.TOO_LARGE;
        }
        reserve(piece.length());
        piece.getBytes(bytes, size);
        size += piece.length();
        return Outcome.GOOD;
    }

    /** Takes decompressed bytes. */
    Outcome append(byte[] piece, int length) {
        long now = size + (long) length;
        if (now > limit) {
            return Outcome.TOO_LARGE;
        }
        if (now > Limits.RATIO_COUNTS_FROM && now > received * Limits.MAX_RATIO) {
            return Outcome.BOMB;
        }
        reserve(length);
        System.arraycopy(piece, 0, bytes, size, length);
        size += length;
        return Outcome.GOOD;
    }

    /** Whether nothing is missing at the end. */
    boolean whole() {
        return gunzip.isEmpty() || gunzip.get().atEnd();
    }

    byte[] bytes() {
        return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
    }

    /** Lets go of native memory. */
    void close() {
        gunzip.ifPresent(Gunzip::close);
    }

    private void reserve(int more) {
        if (bytes.length - size < more) {
            long doubled = Math.min(Math.max(bytes.length * 2L, size + (long) more), limit);
            bytes = Arrays.copyOf(bytes, (int) doubled);
        }
    }
}
