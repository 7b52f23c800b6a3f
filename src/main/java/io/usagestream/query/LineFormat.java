package io.usagestream.query;

import io.usagestream.envelope.Reader;
import io.usagestream.envelope.RecordType;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** How a record becomes one line. */
public interface LineFormat {
    /** A line above the first. */
    Optional<String> header(RecordType type);

    /**
     * The line.
     *
     * @throws io.usagestream.envelope.UnreadableException when the record cannot be read
     */
    String line(RecordType type, ConsumerRecord<byte[], byte[]> record, Reader reader);
}
