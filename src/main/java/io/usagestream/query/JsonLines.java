package io.usagestream.query;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.usagestream.envelope.Envelope;
import io.usagestream.envelope.Message;
import io.usagestream.envelope.Reader;
import io.usagestream.envelope.RecordType;
import io.usagestream.envelope.WireFormat;
import io.usagestream.stream.Measure;
import io.usagestream.stream.Publication;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Records as JSON objects with the fields of their schemas: decimals as plain text, times in ISO 8601, map keys in order. */
public final class JsonLines implements LineFormat {
    private static final JsonFactory JSON = new JsonFactory();
    /** Of what this program itself has encoded: no registry's ids. */
    private static final Reader OWN = new Reader();

    @Override
    public Optional<String> header(RecordType type) {
        return Optional.empty();
    }

    @Override
    public String line(RecordType type, ConsumerRecord<byte[], byte[]> record, Reader reader) {
        return text(reader.read(type, record.value()));
    }

    /** What would be read of a publication, once it is published. */
    public static String text(Publication publication) {
        Message message = new Envelope(new WireFormat.SingleObject()).encode(publication);
        return text(OWN.read(message.type(), message.value()));
    }

    static String text(IndexedRecord record) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            write(record, json);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return text.toString();
    }

    private static void write(@Nullable Object value, JsonGenerator json) throws IOException {
        if (value == null) {
            json.writeNull();
        } else if (value instanceof IndexedRecord record) {
            json.writeStartObject();
            for (Schema.Field field : record.getSchema().getFields()) {
                json.writeFieldName(field.name());
                write(record.get(field.pos()), json);
            }
            json.writeEndObject();
        } else if (value instanceof Map<?, ?> map) {
            Map<String, Object> inOrder = new TreeMap<>();
            map.forEach((key, entry) -> inOrder.put(key.toString(), entry));
            json.writeStartObject();
            for (var entry : inOrder.entrySet()) {
                json.writeFieldName(entry.getKey());
                write(entry.getValue(), json);
            }
            json.writeEndObject();
        } else if (value instanceof BigDecimal decimal) {
            json.writeString(Measure.plain(decimal).toPlainString());
        } else if (value instanceof Boolean flag) {
            json.writeBoolean(flag);
        } else if (value instanceof Integer || value instanceof Long) {
            json.writeNumber(((Number) value).longValue());
        } else { // text, enums, instants, dates
            json.writeString(value.toString());
        }
    }
}
