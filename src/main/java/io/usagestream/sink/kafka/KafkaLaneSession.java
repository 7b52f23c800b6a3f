package io.usagestream.sink.kafka;

import io.usagestream.checkpoint.Segment;
import io.usagestream.checkpoint.SegmentName;
import io.usagestream.envelope.Envelope;
import io.usagestream.envelope.RecordType;
import io.usagestream.envelope.StateFormat;
import io.usagestream.sink.Batch;
import io.usagestream.sink.LaneImage;
import io.usagestream.sink.LaneSession;
import io.usagestream.sink.SinkException;
import io.usagestream.sink.SinkFailure;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Split;
import io.usagestream.stream.Window;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One producer from its {@code initTransactions} to its end. All that blocks runs on the lane's own worker, in order; whatever
 * goes wrong there ends the producer.
 */
final class KafkaLaneSession implements LaneSession {
    private final Vertx vertx;
    private final LaneWorker worker;
    private final LaneProducer producer;
    private final DataReading reading;
    private final KafkaSettings settings;
    private final Envelope envelope;
    private final TraceHeaders traces;
    private final TopicGrowth growth;
    private final Scans begun = new Scans();

    /** What the first transaction must say; only on the worker. */
    private Optional<StateFormat.Lane> toAgree;

    /** Why nothing can be committed any more; only on the worker. */
    private Optional<SinkFailure> spent = Optional.empty();

    private Optional<LaneImage> image;

    KafkaLaneSession(
            Vertx vertx,
            KafkaSettings settings,
            LaneWorker worker,
            LaneProducer producer,
            DataReading reading,
            Envelope envelope,
            TraceHeaders traces,
            TopicGrowth growth,
            LaneImage image,
            Optional<StateFormat.Lane> toAgree) {
        this.vertx = vertx;
        this.settings = settings;
        this.worker = worker;
        this.producer = producer;
        this.reading = reading;
        this.envelope = envelope;
        this.traces = traces;
        this.growth = growth;
        this.image = Optional.of(image);
        this.toAgree = toAgree;
    }

    @Override
    public LaneImage restored() {
        LaneImage given = image.orElseThrow(() -> new IllegalStateException("what was restored is given once"));
        image = Optional.empty();
        return given;
    }

    @Override
    public boolean fits(Publication publication) {
        return Sizes.atMost(publication) + traces.size() <= producer.largest();
    }

    @Override
    public Future<Map<SegmentName, Long>> commit(List<Batch> batches) {
        return worker.run(() -> commitNow(batches));
    }

    @Override
    public Future<List<Segment>> load(Map<SegmentName, Long> places) {
        return reading.segments(producer.lane(), places);
    }

    @Override
    public Future<List<Publication>> published(Split split, RecordType type, Window window) {
        return reading.published(split, type, window, begun);
    }

    /** A commit in flight may end; after a while it is cut off, and the next opening sees what became of it. */
    @Override
    public Future<Void> close() {
        long cutOff = vertx.setTimer(settings.limits().close().toMillis(), id -> producer.cutOff());
        return worker.<Void>run(() -> {
                    producer.close(Duration.ofSeconds(2));
                    return null;
                })
                .onFailure(e -> producer.cutOff()) // the lane was stopped while it opened, and its worker with it
                .eventually(() -> {
                    vertx.cancelTimer(cutOff);
                    return worker.close();
                });
    }

    private Map<SegmentName, Long> commitNow(List<Batch> batches) {
        spent.ifPresent(failure -> {
            throw new SinkException(failure);
        });
        try {
            LaneTransaction transaction = new LaneTransaction(settings, producer.lane(), producer.largest());
            toAgree.ifPresent(transaction::add);
            batches.forEach(batch -> transaction.add(batch, envelope, traces));
            Map<SegmentName, Long> places = producer.commit(transaction);
            toAgree = Optional.empty();
            growth.written(producer.client(), transaction.topics());
            return places;
        } catch (RuntimeException e) {
            RuntimeException failed = new Failures(settings).ofStep("the transaction could not be made", e);
            SinkFailure failure = failed instanceof SinkException known
                    ? known.failure()
                    : new SinkFailure.Aborted("a bug ended the session: " + failed);
            spent = Optional.of(failure);
            producer.discard(failure);
            throw failed;
        }
    }
}
