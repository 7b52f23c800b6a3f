package io.usagestream.envelope;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.SchemaNormalization;

/** How a record's bytes name the schema that they were written with: what stands before the Avro binary. */
public sealed interface WireFormat {
    /** The bytes before the Avro binary of a record; not to be changed. */
    byte[] prefix(RecordType type);

    /** Avro's single-object encoding: two marker bytes and the schema's CRC-64-AVRO fingerprint, little-endian. */
    record SingleObject() implements WireFormat {
        /** Of every type once: a fingerprint is that of the schema's text, which is written out for it. */
        private static final Map<RecordType, byte[]> PREFIXES = new ConcurrentHashMap<>();

        @Override
        public byte[] prefix(RecordType type) {
            return PREFIXES.computeIfAbsent(type, SingleObject::fingerprint);
        }

        private static byte[] fingerprint(RecordType type) {
            return ByteBuffer.allocate(10)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .put((byte) 0xC3)
                    .put((byte) 0x01)
                    .putLong(SchemaNormalization.parsingFingerprint64(type.schema()))
                    .array();
        }
    }

    /** Confluent's format: a zero byte and the registry's id of the schema, four bytes, big-endian. */
    record Confluent(Map<RecordType, Integer> ids) implements WireFormat {
        public Confluent {
            ids = Map.copyOf(ids);
        }

        @Override
        public byte[] prefix(RecordType type) {
            Integer id = ids.get(type);
            if (id == null) {
                throw new IllegalStateException("no schema id for " + type.suffix());
            }
            return ByteBuffer.allocate(5).put((byte) 0).putInt(id).array();
        }
    }
}
