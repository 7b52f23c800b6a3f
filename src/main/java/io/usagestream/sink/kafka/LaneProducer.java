package io.usagestream.sink.kafka;

import io.usagestream.checkpoint.SegmentName;
import io.usagestream.sink.SinkFailure;
import io.vertx.core.Vertx;
import io.vertx.kafka.client.producer.KafkaProducer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * The one producer of a lane's transactional id. Blocks: for the lane's worker only.
 *
 * <p>Begin, sends and commit are one step on the client underneath: hopping threads for every record costs half as much again,
 * and a send that slips out between two transactions would go out with the next.
 */
final class LaneProducer {
    private static final String THROTTLE = "produce-throttle-time-max";

    private final int lane;
    private final Failures failures;
    private final Duration commitBound;
    private final int largest;
    private final Producer<byte[], byte[]> client;
    private volatile boolean closed;

    LaneProducer(Vertx vertx, KafkaSettings settings, int lane) {
        Map<String, String> properties = ClientProperties.producer(settings, lane);
        this.lane = lane;
        this.failures = new Failures(settings);
        this.commitBound = settings.limits().commit();
        this.largest = ClientProperties.largestRecord(settings);
        this.client = KafkaProducer.create(vertx, properties, new ByteArraySerializer(), new ByteArraySerializer())
                .unwrap();
    }

    int lane() {
        return lane;
    }

    /** The greatest size of a record, in bytes. */
    int largest() {
        return largest;
    }

    Producer<byte[], byte[]> client() {
        return client;
    }

    /**
     * Sends and commits.
     *
     * @return where the segments lie
     * @throws io.usagestream.sink.SinkException whatever went wrong
     */
    Map<SegmentName, Long> commit(LaneTransaction transaction) {
        Map<SegmentName, Future<RecordMetadata>> segments = send(transaction);
        commit();
        Map<SegmentName, Long> places = new HashMap<>();
        segments.forEach((name, sent) -> places.put(name, offset(sent)));
        return places;
    }

    /** After a failure: nothing of this producer may go out any more. */
    void discard(SinkFailure failure) {
        // A graceful close aborts what is open, so that readers need not wait for the successor; a fenced one has
        // nothing open.
        close(failure instanceof SinkFailure.Fenced ? Duration.ZERO : Duration.ofSeconds(2));
    }

    void close(Duration bound) {
        closed = true;
        client.close(bound);
    }

    boolean closed() {
        return closed;
    }

    /** The longest time of the last minute or so that a broker held a request back because of a quota. From any thread. */
    Duration throttled() {
        return client.metrics().entrySet().stream()
                .filter(metric -> metric.getKey().name().equals(THROTTLE))
                .map(metric -> metric.getValue().metricValue())
                .filter(value -> value instanceof Double millis && millis > 0) // not a number before the first request
                .map(value -> Duration.ofMillis(Math.round((Double) value)))
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    /** Makes whatever blocks in the client fail now. From any thread; does not wait. */
    void cutOff() {
        client.close(Duration.ZERO);
    }

    private Map<SegmentName, Future<RecordMetadata>> send(LaneTransaction transaction) {
        Map<SegmentName, Future<RecordMetadata>> segments = new HashMap<>();
        FirstFailure failed = new FirstFailure();
        try {
            client.beginTransaction();
            transaction.usage(record -> {
                if (failed.exception().isEmpty()) {
                    client.send(record, failed);
                }
            });
            List<ProducerRecord<byte[], byte[]>> state = transaction.state();
            for (int i = 0; i < state.size() && failed.exception().isEmpty(); i++) {
                Future<RecordMetadata> sent = client.send(state.get(i), failed);
                Optional.ofNullable(transaction.segments().get(i)).ifPresent(name -> segments.put(name, sent));
            }
            client.flush();
        } catch (RuntimeException e) {
            throw failures.beforeCommit("records could not be sent", e);
        }
        failed.exception().ifPresent(e -> {
            throw failures.beforeCommit("records could not be sent", e);
        });
        return segments;
    }

    /** A commit that was not answered may be asked for again; nothing else may follow it. */
    private void commit() {
        long deadline = System.nanoTime() + commitBound.toNanos();
        while (true) {
            try {
                client.commitTransaction();
                return;
            } catch (TimeoutException e) {
                if (System.nanoTime() - deadline > 0) {
                    throw failures.inCommit("the commit was not answered", e);
                }
            } catch (RuntimeException e) {
                throw failures.inCommit("the commit failed", e);
            }
        }
    }

    /** The first exception of a record: later ones are its consequences. */
    private static final class FirstFailure implements Callback {
        private volatile Optional<Exception> exception = Optional.empty();

        Optional<Exception> exception() {
            return exception;
        }

        @Override
        public void onCompletion(RecordMetadata metadata, @Nullable Exception e) {
            if (e != null && exception.isEmpty()) { // called by one thread only
                exception = Optional.of(e);
            }
        }
    }

    private static long offset(Future<RecordMetadata> sent) {
        try {
            return sent.get().offset();
        } catch (ExecutionException e) {
            throw new IllegalStateException("sent and committed, yet failed", e);
        } catch (InterruptedException e) {
            throw new org.apache.kafka.common.errors.InterruptException(e);
        }
    }
}
