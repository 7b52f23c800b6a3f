package io.usagestream.envelope;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How a record's bytes name the schema that they were written with: what stands before the Avro binary. */
public sealed interface WireFormat {
    /** The bytes before the Avro binary of a record; not to be changed. */
    byte[] prefix(RecordType type);

    /** Avro's single-object encoding. */
    record SingleObject() implements WireFormat {
        /** Of every type once: a fingerprint is that of the schema's text, which is written out for it. */
        private static final Map<RecordType, byte[]> PREFIXES = new ConcurrentHashMap<>();

        @Override
        public byte[] prefix(RecordType type) {
            return PREFIXES.computeIfAbsent(type, t -> io.usagestream.envelope.SingleObject.prefix(t.schema()));
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
