package io.usagestream.envelope;

import io.usagestream.stream.Split;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.OptionalLong;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.message.BinaryMessageDecoder;

/**
 * Avro's single-object encoding: two marker bytes and the schema's CRC-64-AVRO fingerprint, little-endian, before the binary; of
 * private records by way of their generated classes.
 */
final class SingleObject {
    /** Length of what stands before the binary. */
    static final int PREFIX = 10;

    private static final byte[] MARK = {(byte) 0xC3, 0x01};

    static {
        GeneratedClasses.trust();
    }

    private SingleObject() {}

    /** Writes a record. */
    interface Encoding {
        ByteBuffer bytes() throws IOException;
    }

    /** What stands before the binary of a record of that schema. */
    static byte[] prefix(Schema schema) {
        return ByteBuffer.allocate(PREFIX)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(MARK)
                .putLong(SchemaNormalization.parsingFingerprint64(schema))
                .array();
    }

    /** The fingerprint that a record names; empty when it is not in this encoding. */
    static OptionalLong fingerprint(byte[] value) {
        return value.length >= PREFIX && value[0] == MARK[0] && value[1] == MARK[1]
                ? OptionalLong.of(ByteBuffer.wrap(value, MARK.length, Long.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .getLong())
                : OptionalLong.empty();
    }

    static byte[] bytes(Encoding encoding) {
        try {
            return array(encoding.bytes());
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
    }

    /** A class's own decoder, which reads what was written with older schemas too. */
    static <T> BinaryMessageDecoder<T> decoder(BinaryMessageDecoder<T> own, List<Schema> older) {
        older.forEach(own::addSchema);
        return own;
    }

    static <T> T read(BinaryMessageDecoder<T> decoder, byte[] value) {
        try {
            return decoder.decode(value);
        } catch (IOException | AvroRuntimeException e) {
            throw new UnreadableException("a private record that is not readable here: " + e.getMessage(), e);
        }
    }

    static byte[] array(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    static Split split(String provider, String name) {
        int slash = name.indexOf('/');
        return new Split(provider, name.substring(0, slash), name.substring(slash + 1));
    }
}
