package io.usagestream.envelope;

import io.usagestream.stream.Publication;
import io.usagestream.stream.Split;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * Reads records back, in either wire format, also those that an older version wrote. Records in Confluent's format need the
 * schemas of their ids first: {@link #learnFor} fetches what is missing.
 */
public final class Reader {
    private static final int CONFLUENT_PREFIX = 5;

    private final Map<Integer, Schema> byId = new ConcurrentHashMap<>();
    private final Map<Long, Schema> byFingerprint = new ConcurrentHashMap<>();
    private final Map<Written, SpecificDatumReader<SpecificRecordBase>> readers = new ConcurrentHashMap<>();

    private final Map<Written, Boolean> current = new ConcurrentHashMap<>();

    /** What a record is to be read as, and the schema that it was written with. */
    private record Written(RecordType type, Schema schema) {}

    /** The schema that a record was written with, and where its Avro binary begins. */
    private record Framed(Schema schema, int start) {}

    public Reader() {
        GeneratedClasses.trust();
        for (RecordType type : RecordType.values()) {
            learn(type.schema());
            SchemaHistory.older(type.schema()).forEach(this::learn);
        }
    }

    /**
     * Learns the schema of the registry's id that a record names, if it is not known yet.
     *
     * @param schemas gives the schema of an id; what it throws is thrown on
     */
    public void learnFor(byte[] value, IntFunction<String> schemas) {
        OptionalInt unknown = unknownId(value);
        if (unknown.isPresent()) {
            learn(unknown.getAsInt(), schemas.apply(unknown.getAsInt()));
        }
    }

    /** The registry's id that must be {@link #learn learnt} before the record can be read, if there is one. */
    OptionalInt unknownId(byte[] value) {
        if (value.length < CONFLUENT_PREFIX || value[0] != 0) {
            return OptionalInt.empty();
        }
        int id = ByteBuffer.wrap(value, 1, 4).getInt();
        return byId.containsKey(id) ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /** Remembers the schema of a registry's id. */
    public void learn(int id, String schemaText) {
        byId.put(id, new Schema.Parser().parse(schemaText));
    }

    /** Remembers what the record types' ids are. */
    public void learn(Map<RecordType, Integer> ids) {
        ids.forEach((type, id) -> byId.putIfAbsent(id, type.schema()));
    }

    /** Remembers a schema that records in single-object encoding may name by its fingerprint. */
    public void learn(Schema schema) {
        byFingerprint.put(SchemaNormalization.parsingFingerprint64(schema), schema);
    }

    /**
     * Where the Avro binary of a record begins that was written with this version's own schema; empty for any other.
     *
     * @throws UnreadableException as {@link #read}
     */
    public OptionalInt currentStart(RecordType type, byte[] value) {
        Framed framed = framed(value);
        return current.computeIfAbsent(new Written(type, framed.schema()), Reader::isCurrent)
                ? OptionalInt.of(framed.start())
                : OptionalInt.empty();
    }

    private static boolean isCurrent(Written written) {
        return SchemaNormalization.parsingFingerprint64(written.schema())
                == SchemaNormalization.parsingFingerprint64(written.type().schema());
    }

    /**
     * A record as its generated class.
     *
     * @throws UnreadableException when it is not Avro in one of the two formats, or its schema is not known
     */
    public SpecificRecordBase read(RecordType type, byte[] value) {
        Framed framed = framed(value);
        try {
            return reader(type, framed.schema())
                    .read(
                            null,
                            DecoderFactory.get()
                                    .binaryDecoder(value, framed.start(), value.length - framed.start(), null));
        } catch (IOException | AvroRuntimeException e) {
            throw new UnreadableException("it is not Avro of its schema", e);
        }
    }

    /** What stands before a record's Avro binary, in either wire format. */
    private Framed framed(byte[] value) {
        if (value.length >= CONFLUENT_PREFIX && value[0] == 0) {
            int id = ByteBuffer.wrap(value, 1, 4).getInt();
            Schema schema = byId.get(id);
            if (schema == null) {
                throw new UnreadableException("its schema, id " + id + " of the registry, is not known here", null);
            }
            return new Framed(schema, CONFLUENT_PREFIX);
        }
        long fingerprint = SingleObject.fingerprint(value)
                .orElseThrow(() -> new UnreadableException("it begins with neither Avro's nor Confluent's mark", null));
        Schema schema = byFingerprint.get(fingerprint);
        if (schema == null) {
            throw new UnreadableException(
                    "its schema, fingerprint " + Long.toHexString(fingerprint) + ", is not known here", null);
        }
        return new Framed(schema, SingleObject.PREFIX);
    }

    /**
     * A record as the publication that it says.
     *
     * @param split what the record's headers name, see {@link CloudEvents#split}
     * @throws UnreadableException as {@link #read}
     */
    public Publication publication(RecordType type, Split split, byte[] value) {
        return Publications.of(split, read(type, value));
    }

    /** Generated classes bring the conversions of their logical types along, in a model of their own. */
    private SpecificDatumReader<SpecificRecordBase> reader(RecordType type, Schema written) {
        return readers.computeIfAbsent(
                new Written(type, written),
                key -> new SpecificDatumReader<>(key.schema(), type.schema(), SpecificData.getForClass(type.record())));
    }
}
