package io.usagestream.query;

import io.usagestream.envelope.CloudEvents;
import io.usagestream.envelope.Reader;
import io.usagestream.envelope.RecordType;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Split;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Committed records as the publications that they say. It blocks the thread that calls it. */
public final class DecodedTopics {
    private final CommittedTopics topics;
    private final IntFunction<String> schemas;
    private final Reader reader = new Reader();

    /** @param schemas gives the schema of a registry's id; may block */
    public DecodedTopics(CommittedTopics topics, IntFunction<String> schemas) {
        this.topics = topics;
        this.schemas = schemas;
    }

    /** Gives every record of a topic up to where it ends now; of those that are not wanted the value is not looked at. */
    public void read(
            RecordType type, Predicate<ConsumerRecord<byte[], byte[]>> wanted, BiConsumer<Split, Publication> sink) {
        topics.read(topics.extent(type), record -> {
            if (wanted.test(record)) {
                publication(type, record).ifPresent(publication -> sink.accept(publication.split(), publication));
            }
        });
    }

    /** What a record says; empty when it was not written by this service. */
    Optional<Publication> publication(RecordType type, ConsumerRecord<byte[], byte[]> record) {
        Optional<Split> split = CloudEvents.split(record.headers());
        if (split.isEmpty()) {
            return Optional.empty();
        }
        reader.learnFor(record.value(), schemas);
        return Optional.of(reader.publication(type, split.get(), record.value()));
    }
}
