package io.usagestream.envelope;

import io.usagestream.stream.Split;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.message.BinaryMessageDecoder;

/** Avro's single-object encoding of private records, by way of their generated classes. */
final class SingleObject {
    static {
        GeneratedClasses.trust();
    }

    private SingleObject() {}

    /** Writes a record. */
    interface Encoding {
        ByteBuffer bytes() throws IOException;
    }

    static byte[] bytes(Encoding encoding) {
        try {
            return array(encoding.bytes());
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
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
