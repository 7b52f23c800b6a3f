package io.usagestream.envelope;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** A publication in bytes: what a topic's record carries. */
@SuppressWarnings("ArrayRecordComponent") // compared nowhere
public record Message(RecordType type, byte[] key, byte[] value, List<Header> headers) {
    /** Bytes that a record needs at most besides key, value and headers: those of a batch of its own and its varints. */
    private static final int OVERHEAD = 61 + 6 * 5;

    /** The same with further headers. */
    public Message with(List<Header> further) {
        if (further.isEmpty()) {
            return this;
        }
        List<Header> all = new ArrayList<>(headers);
        all.addAll(further);
        return new Message(type, key, value, all);
    }

    /** Bytes that it needs on the wire at most, uncompressed. */
    public int size() {
        int size = sizeOf(key, value);
        for (Header header : headers) {
            size += 2 * 5 + header.key().length() + header.value().length;
        }
        return size;
    }

    /** Bytes that a record without headers needs on the wire at most, uncompressed. */
    public static int sizeOf(byte[] key, byte @Nullable [] value) {
        return OVERHEAD + key.length + (value == null ? 0 : value.length);
    }
}
