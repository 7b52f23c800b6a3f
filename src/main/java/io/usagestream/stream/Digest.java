package io.usagestream.stream;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A 128-bit hash: the first 16 bytes of SHA-256. Equal digests are taken for equal content: the chance of a collision among
 * 10^12 contents is below 10^-14.
 */
public record Digest(long high, long low) {
    private static final HexFormat HEX = HexFormat.of();
    private static final ThreadLocal<Hash> SHA_256 = ThreadLocal.withInitial(Hash::new);

    /** The function, with room for what it comes to. */
    private static final class Hash {
        private final MessageDigest function = sha256();
        private final byte[] bytes = new byte[32];
        private final ByteBuffer buffer = ByteBuffer.wrap(bytes);

        Digest digest() {
            try {
                function.digest(bytes, 0, bytes.length);
            } catch (DigestException e) {
                throw new AssertionError("SHA-256 has 32 bytes", e);
            }
            return new Digest(buffer.getLong(0), buffer.getLong(8));
        }
    }

    /** The digest of those bytes. */
    public static Digest of(byte[] bytes) {
        return of(bytes, 0, bytes.length);
    }

    static Digest of(byte[] bytes, int from, int length) {
        Hash hash = SHA_256.get();
        hash.function.update(bytes, from, length);
        return hash.digest();
    }

    /** The digest of the remaining bytes. */
    public static Digest of(ByteBuffer bytes) {
        Hash hash = SHA_256.get();
        hash.function.update(bytes);
        return hash.digest();
    }

    /**
     * The digest of a text's UTF-8 bytes.
     *
     * @throws IllegalArgumentException for a lone surrogate, which has no UTF-8 form: Java would encode every one as '?', and
     *     different texts would become one
     */
    public static Digest of(String text) {
        return DigestText.begin().add(text).digest();
    }

    /** A text's UTF-8 bytes; as {@link #of(String)} it refuses lone surrogates. */
    public static byte[] utf8(String text) {
        if (!hasSurrogates(text)) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        try {
            ByteBuffer bytes = StandardCharsets.UTF_8
                    .newEncoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .encode(CharBuffer.wrap(text));
            return Arrays.copyOfRange(bytes.array(), bytes.position(), bytes.limit());
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("lone surrogate in a text", e);
        }
    }

    private static boolean hasSurrogates(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    /** The digest written as 32 hex digits. */
    public String hex() {
        return HEX.toHexDigits(high) + HEX.toHexDigits(low);
    }

    /** The digest written so. */
    public static Digest ofHex(String hex) {
        return new Digest(Long.parseUnsignedLong(hex, 0, 16, 16), Long.parseUnsignedLong(hex, 16, 32, 16));
    }

    /** The sum modulo 2^128: the digest of a multiset, whatever its order. */
    public Digest plus(Digest other) {
        long sum = low + other.low;
        long carry = Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
        return new Digest(high + other.high + carry, sum);
    }

    /** The difference modulo 2^128. */
    public Digest minus(Digest other) {
        long borrow = Long.compareUnsigned(low, other.low) < 0 ? 1 : 0;
        return new Digest(high - other.high - borrow, low - other.low);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
