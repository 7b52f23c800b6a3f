package io.usagestream.envelope;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.usagestream.stream.Event;
import io.usagestream.stream.Measures;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.IntFunction;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.Encoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.common.header.Header;

/**
 * Puts publications into words: Avro behind the wire format's prefix, the key, the CloudEvents headers. Not for use by several
 * threads at once: it reuses its buffers.
 *
 * <p>It writes fields in the schemas' order straight to the encoder instead of filling the generated classes first: their
 * decimals alone cost more than all else of a record. Reading back goes through the generated classes, and a test holds the two
 * together field by field.
 */
@SuppressWarnings("EnumOrdinal") // the schemas list symbols in the enums' order
public final class Envelope {
    private final Map<RecordType, byte[]> prefixes = new EnumMap<>(RecordType.class);
    private final Buffer buffer = new Buffer();
    private final BinaryEncoder out = EncoderFactory.get().directBinaryEncoder(buffer, null);
    private final byte[] scratch = new byte[16];
    private final Words words = new Words();
    private final CloudEvents headers;
    private final IntFunction<byte[]> keys;
    private final IntFunction<byte[]> values;

    /** Encodes into arrays of each message's own. */
    public Envelope(WireFormat format) {
        this(format, byte[]::new, byte[]::new, new CloudEvents(byte[]::new, () -> new Header[CloudEvents.HEADERS]));
    }

    /**
     * Encodes into arrays that it keeps: a message is good until the next is encoded. For those who copy it at once, as a producer
     * does, which packs a record into its batch before {@code send} returns. Key and value are two fifths of the memory that a
     * row's way to the log takes.
     */
    public static Envelope lending(WireFormat format) {
        Header[] headers = new Header[CloudEvents.HEADERS];
        return new Envelope(
                format, new Lent()::array, new Lent()::array, new CloudEvents(new Lent()::array, () -> headers));
    }

    private Envelope(WireFormat format, IntFunction<byte[]> keys, IntFunction<byte[]> values, CloudEvents headers) {
        this.keys = keys;
        this.values = values;
        this.headers = headers;
        for (RecordType type : RecordType.values()) {
            prefixes.put(type, format.prefix(type));
        }
    }

    /** The record that says a publication. */
    public Message encode(Publication publication) {
        RecordType type = RecordType.of(publication);
        buffer.reset(requireNonNull(prefixes.get(type)));
        byte[] key = key(publication);
        try {
            if (publication instanceof Publication.PointRevision point) {
                write(point, key);
            } else if (publication instanceof Publication.EventRevision event) {
                write(event);
            } else if (publication instanceof Publication.EntityChange entity) {
                write(entity);
            } else if (publication instanceof Publication.QuarantinedRow row) {
                write(row);
            } else if (publication instanceof Publication.Progress progress) {
                write(progress);
            } else {
                write((Publication.Period) publication);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return new Message(type, key, buffer.bytes(values), headers.of(type, key, publication));
    }

    private byte[] key(Publication publication) {
        if (publication instanceof Publication.PointRevision point) {
            byte[] key = keys.apply(point.key().length());
            point.key().copy(key, 0);
            return key;
        }
        return text(publication).getBytes(UTF_8);
    }

    private static String text(Publication publication) {
        if (publication instanceof Publication.EventRevision event) {
            return event.id();
        } else if (publication instanceof Publication.EntityChange entity) {
            return entity.id();
        } else if (publication instanceof Publication.QuarantinedRow row) {
            return row.id();
        } else if (publication instanceof Publication.Period period) {
            return period.split().name() + "/" + period.day();
        }
        return publication.split().name();
    }

    private void write(Publication.PointRevision point, byte[] id) throws IOException {
        out.writeBytes(id); // a string is encoded as its bytes are
        out.writeInt(point.revision());
        out.writeFixed(words.split(point.split()));
        out.writeString(point.grain().toString());
        write(point.start());
        out.writeLong(point.start().toEpochMilli() + point.grain().width().toMillis());
        out.writeFixed(words.dimensions(point.dimensions()));
        Measures measures = point.measures();
        start(measures.size());
        for (int n = 0; n < measures.size(); n++) {
            out.startItem();
            out.writeFixed(words.text(measures.name(n)));
            write(measures, n);
            BigDecimal delta = point.deltas().get(measures.name(n));
            if (delta == null) {
                write(measures, n);
            } else {
                write(delta);
            }
            out.writeFixed(words.text(measures.unit(n)));
            writeText(measures.exact(n));
        }
        out.writeMapEnd();
        out.writeEnum(point.finality().ordinal());
        out.writeBoolean(point.restated());
        out.writeBoolean(point.retracted());
        write(point.observedAt());
    }

    private void write(Publication.EventRevision revision) throws IOException {
        Event event = revision.event();
        out.writeString(revision.id());
        out.writeInt(revision.revision());
        out.writeString(revision.split().provider());
        out.writeString(revision.split().source());
        out.writeString(event.action());
        write(event.time());
        out.writeString(event.projectId());
        out.writeString(event.userId());
        writeText(event.assetId());
        writeText(event.collectionId());
        writeText(event.jobId());
        writeText(event.modelId());
        if (present(event.byokProvider())) {
            writeText(event.byokProvider().get().id());
            writeText(event.byokProvider().get().displayName());
        }
        if (present(event.isApiKey())) {
            out.writeBoolean(event.isApiKey().get());
        }
        if (present(event.cost())) {
            write(event.cost().get().value());
        }
        out.writeBoolean(revision.retracted());
        write(revision.observedAt());
    }

    private void write(Publication.EntityChange change) throws IOException {
        out.writeString(change.id());
        out.writeString(change.split().provider());
        out.writeString(change.split().source());
        out.writeString(change.entity().kind());
        out.writeString(change.entity().id());
        writeText(change.entity().name());
        start(change.entity().attributes().size());
        for (var attribute : change.entity().attributes().entrySet()) {
            out.startItem();
            out.writeString(attribute.getKey());
            out.writeString(attribute.getValue());
        }
        out.writeMapEnd();
        write(change.observedAt());
    }

    private void write(Publication.QuarantinedRow quarantined) throws IOException {
        out.writeString(quarantined.id());
        out.writeString(quarantined.split().source());
        out.writeString(quarantined.split().stream());
        out.writeString(quarantined.row().reason().word());
        out.writeString(quarantined.row().detail());
        out.writeString(quarantined.row().pointer());
        writeText(quarantined.row().fragment());
        write(quarantined.window().from());
        write(quarantined.window().to());
        write(quarantined.observedAt());
    }

    private void write(Publication.Progress progress) throws IOException {
        out.writeString(progress.split().name());
        out.writeEnum(progress.state().ordinal());
        writeText(progress.reason().map(Reason::word));
        write(progress.frontier());
        write(progress.watermark());
        writeTime(progress.lastSuccessAt());
        writeTime(progress.sweptAt());
        out.writeLong(progress.lookback().toMillis());
        if (present(progress.observedLookback())) {
            out.writeLong(progress.observedLookback().map(Duration::toMillis).orElseThrow());
        }
        write(progress.observedAt());
    }

    private void write(Publication.Period period) throws IOException {
        out.writeString(period.split().name());
        out.writeInt((int) period.day().toEpochDay());
        out.writeLong(period.rows());
        write(period.sums());
        write(period.deltas());
        out.writeLong(period.quarantined());
        out.writeString(period.digest().hex());
        out.writeInt(period.revision());
        write(period.observedAt());
    }

    private void write(SortedMap<String, BigDecimal> numbers) throws IOException {
        start(numbers.size());
        for (var number : numbers.entrySet()) {
            out.startItem();
            out.writeString(number.getKey());
            write(number.getValue());
        }
        out.writeMapEnd();
    }

    private void write(Measures measures, int n) throws IOException {
        if (measures.isCount(n)) {
            Decimals.write(measures.count(n), scratch, out);
        } else {
            write(measures.value(n).value());
        }
    }

    private void write(BigDecimal number) throws IOException {
        Decimals.write(number, scratch, out);
    }

    private void write(Instant time) throws IOException {
        out.writeLong(time.toEpochMilli());
    }

    private void writeText(Optional<String> text) throws IOException {
        if (present(text)) {
            out.writeString(text.get());
        }
    }

    private void writeTime(Optional<Instant> time) throws IOException {
        if (present(time)) {
            write(time.get());
        }
    }

    /** Writes which branch of a union with null holds; true when a value is to follow. */
    private boolean present(Optional<?> value) throws IOException {
        out.writeIndex(value.isPresent() ? 1 : 0);
        return value.isPresent();
    }

    private void start(int entries) throws IOException {
        Encoder map = out;
        map.writeMapStart();
        map.setItemCount(entries);
    }
}
