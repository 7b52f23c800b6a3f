package io.usagestream.sink.kafka;

import io.usagestream.checkpoint.SegmentName;
import io.usagestream.envelope.Envelope;
import io.usagestream.envelope.StateFormat;
import io.usagestream.envelope.WireFormat;
import io.usagestream.sink.BrokerNews;
import io.usagestream.sink.LaneLog;
import io.usagestream.sink.LaneSession;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;

/** Lanes as partitions of the checkpoints topic. */
public final class KafkaLaneLog implements LaneLog {
    private final Vertx vertx;
    private final KafkaSettings settings;
    private final Offsets offsets;
    private final WireFormats formats;
    private final LaneOpening opening;
    private final DataReading reading;
    private final LaneWorker loading;
    private final LaneWorker scanning;
    private final TraceHeaders traces;
    private final TopicGrowth growth;
    private final Set<LaneProducer> producers = ConcurrentHashMap.newKeySet();

    /** Whose records carry no trace, and to whom nobody listens. */
    public KafkaLaneLog(Vertx vertx, KafkaSettings settings) {
        this(vertx, settings, TraceHeaders.NONE, BrokerNews.NONE);
    }

    /**
     * @param traces what records carry of the turn that they come from
     * @param news who is told of the brokers
     */
    public KafkaLaneLog(Vertx vertx, KafkaSettings settings, TraceHeaders traces, BrokerNews news) {
        this.growth = new TopicGrowth(settings, news);
        this.traces = traces;
        this.vertx = vertx;
        this.settings = settings;
        this.offsets = new Offsets(Admin.create(ClientProperties.admin(settings)));
        this.formats = new WireFormats(vertx, settings);
        this.opening = new LaneOpening(settings, offsets, new PublishedSplits(settings, offsets));
        this.loading = new LaneWorker(vertx, "usagestream-loading");
        this.scanning = new LaneWorker(vertx, "usagestream-scanning");
        this.reading = new DataReading(settings, offsets, formats, loading, scanning);
    }

    @Override
    public int lanes() {
        return settings.lanes();
    }

    /** One bounded attempt. */
    @Override
    public Future<LaneSession> open(int lane, Predicate<SegmentName> eager) {
        LaneWorker worker = new LaneWorker(vertx, settings.transactionalId(lane));
        return worker.run(() -> {
                    try {
                        return fenceAndRestore(lane, eager);
                    } catch (KafkaException e) {
                        if (Failures.causes(e).stream().anyMatch(AuthenticationException.class::isInstance)) {
                            offsets.renew(Admin.create(ClientProperties.admin(settings)));
                        }
                        throw e;
                    }
                })
                .compose(opened -> session(worker, opened))
                .recover(e -> worker.close()
                        .transform(closed -> Future.failedFuture(
                                new Failures(settings).ofStep("lane " + lane + " did not open", e))));
    }

    /** The longest time of the last minute or so that a broker held a request of a lane back because of a quota. */
    public Duration throttled() {
        return producers.stream()
                .filter(producer -> !producer.closed())
                .map(LaneProducer::throttled)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    /** Ends what the lanes share; close their sessions before. */
    public Future<Void> close() {
        return vertx.<Void>executeBlocking(() -> {
                    offsets.close(Duration.ofSeconds(2));
                    return null;
                })
                .eventually(loading::close)
                .eventually(scanning::close);
    }

    /** A producer that has fenced its predecessors, and what it found. */
    private record Fenced(LaneProducer producer, LaneOpening.Opened opened) {}

    private Fenced fenceAndRestore(int lane, Predicate<SegmentName> eager) throws InterruptedException {
        LaneProducer producer = new LaneProducer(vertx, settings, lane);
        producers.removeIf(LaneProducer::closed);
        producers.add(producer);
        try {
            LaneOpening.Opened opened = opening.open(lane, producer.client(), eager);
            growth.ask(offsets);
            return new Fenced(producer, opened);
        } catch (RuntimeException | InterruptedException e) {
            producer.close(Duration.ZERO);
            throw e;
        }
    }

    /** An interceptor may keep what it is shown until the record is acknowledged. */
    private Envelope envelope(WireFormat format) {
        return settings.client().containsKey(ProducerConfig.INTERCEPTOR_CLASSES_CONFIG)
                ? new Envelope(format)
                : Envelope.lending(format);
    }

    private Future<LaneSession> session(LaneWorker worker, Fenced fenced) {
        Optional<StateFormat.Lane> agreed = fenced.opened().agreed();
        return formats.choose(agreed.map(StateFormat.Lane::schemaIds).orElse(Map.of()))
                .<LaneSession>map(chosen -> {
                    StateFormat.Lane agreement = new StateFormat.Lane(
                            StateFormat.VERSION,
                            settings.lanes(),
                            fenced.opened().clusterId(),
                            chosen.toKeep());
                    return new KafkaLaneSession(
                            vertx,
                            settings,
                            worker,
                            fenced.producer(),
                            reading,
                            envelope(chosen.format()),
                            traces,
                            growth,
                            fenced.opened().image(),
                            Optional.of(agreement).filter(a -> !agreed.equals(Optional.of(a))));
                })
                .recover(e -> worker.<LaneSession>run(() -> {
                    fenced.producer().close(Duration.ZERO);
                    throw new Failures(settings).ofStep("no wire format", e);
                }));
    }
}
