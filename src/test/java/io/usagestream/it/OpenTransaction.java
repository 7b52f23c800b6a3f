package io.usagestream.it;

import io.usagestream.sink.kafka.KafkaSettings;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Somebody's transaction that has written to every partition of a topic, and stays open until it is aborted. */
public final class OpenTransaction implements AutoCloseable {
    private final KafkaProducer<byte[], byte[]> producer;

    /** @param transactionalId whose it is: a lane's is aborted by the lane's next owner */
    public OpenTransaction(KafkaSettings settings, String topic, String transactionalId) {
        Map<String, Object> properties = new HashMap<>(settings.client());
        properties.put("transactional.id", transactionalId);
        properties.put("transaction.timeout.ms", "600000");
        producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        producer.initTransactions();
        producer.beginTransaction();
        producer.partitionsFor(topic)
                .forEach(
                        p -> producer.send(new ProducerRecord<>(topic, p.partition(), new byte[] {1}, new byte[] {1})));
        producer.flush();
    }

    public void abort() {
        producer.abortTransaction();
    }

    @Override
    public void close() {
        producer.close();
    }
}
