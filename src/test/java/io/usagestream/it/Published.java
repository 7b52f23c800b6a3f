package io.usagestream.it;

import io.usagestream.envelope.Envelope;
import io.usagestream.envelope.Message;
import io.usagestream.envelope.RecordType;
import io.usagestream.envelope.WireFormat;
import io.usagestream.sink.kafka.KafkaSettings;
import io.usagestream.stream.Publication;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Writes publications to the topics of a prefix, each call one transaction. */
public final class Published implements AutoCloseable {
    private final KafkaSettings settings;
    private final Envelope envelope;
    private final KafkaProducer<byte[], byte[]> producer;

    public Published(KafkaSettings settings) {
        this(settings, new WireFormat.SingleObject());
    }

    public Published(KafkaSettings settings, WireFormat format) {
        this.settings = settings;
        this.envelope = new Envelope(format);
        this.producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        String.valueOf(settings.client().get("bootstrap.servers")),
                        "transactional.id",
                        settings.prefix() + "-published",
                        "compression.type",
                        "lz4",
                        "batch.size",
                        "131072"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        producer.initTransactions();
    }

    public void commit(Publication... publications) {
        commit(List.of(publications));
    }

    public void commit(Iterable<? extends Publication> publications) {
        send(publications);
        producer.commitTransaction();
    }

    /** Writes bytes that are no publication, or none at all. */
    public void commitRaw(RecordType type, byte[] key, byte @Nullable [] value, Iterable<Header> headers) {
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(type.topic(settings.prefix()), null, key, value, headers));
        producer.commitTransaction();
    }

    /** Writes them, and takes them back. */
    public void abort(Publication... publications) {
        send(List.of(publications));
        producer.flush();
        producer.abortTransaction();
    }

    private void send(Iterable<? extends Publication> publications) {
        producer.beginTransaction();
        for (Publication publication : publications) {
            Message message = envelope.encode(publication);
            producer.send(new ProducerRecord<>(
                    message.type().topic(settings.prefix()), null, message.key(), message.value(), message.headers()));
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
