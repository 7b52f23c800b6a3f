package io.usagestream.sink.kafka;

import io.usagestream.checkpoint.Segment;
import io.usagestream.checkpoint.SegmentName;
import io.usagestream.checkpoint.SplitCheckpoint;
import io.usagestream.envelope.Envelope;
import io.usagestream.envelope.RecordType;
import io.usagestream.envelope.StateFormat;
import io.usagestream.sink.Batch;
import io.usagestream.sink.BrokerNews;
import io.usagestream.sink.LaneImage;
import io.usagestream.sink.LaneLog;
import io.usagestream.sink.LaneSession;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Split;
import io.usagestream.stream.Window;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lanes that are kept wrongly, each in a way that looks right on a good day: the negative controls of the tests that kill processes.
 * Every commit waits a little, as on a busy machine, so that processes are often caught in the middle of one.
 */
public final class FaultyLaneLog implements LaneLog {
    /** How it is wrong. */
    public enum Fault {
        /** Not at all: the tests must not find fault with slowness. */
        NONE,
        /** The state is read first; the predecessor is fenced only then. */
        RESTORE_BEFORE_FENCING,
        /** Every process has transactional ids of its own, so that nobody is ever fenced. */
        NO_FENCING,
        /** Records are committed first, the checkpoint that covers them in a transaction of its own. */
        CHECKPOINT_OUTSIDE
    }

    private static final Logger LOG = LoggerFactory.getLogger(FaultyLaneLog.class);
    /** What is logged when a commit of rows has begun and is not through. */
    public static final String IN_COMMIT = "in the middle of a commit";

    private static final Duration SLOW = Duration.ofMillis(700);
    private static final Duration GAP = Duration.ofSeconds(6);

    private final Vertx vertx;
    private final KafkaSettings settings;
    private final Fault fault;
    private final KafkaLaneLog sound;
    private final WireFormats formats;
    private final Offsets offsets;
    private final LaneOpening opening;
    private final DataReading reading;

    public FaultyLaneLog(Vertx vertx, KafkaSettings settings, Fault fault) {
        this.vertx = vertx;
        this.settings = settings;
        this.fault = fault;
        this.sound = new KafkaLaneLog(vertx, settings);
        this.formats = new WireFormats(vertx, settings);
        this.offsets = new Offsets(Admin.create(ClientProperties.admin(settings)));
        this.opening = new LaneOpening(settings, offsets, new PublishedSplits(settings, offsets));
        LaneWorker worker = new LaneWorker(vertx, "faulty-reading");
        this.reading = new DataReading(settings, offsets, formats, worker, worker);
    }

    @Override
    public int lanes() {
        return settings.lanes();
    }

    @Override
    public Future<LaneSession> open(int lane, Predicate<SegmentName> eager) {
        return switch (fault) {
            case NONE -> sound.open(lane, eager).map(Slow::new);
            case CHECKPOINT_OUTSIDE -> sound.open(lane, eager).map(TwoSteps::new);
            case NO_FENCING ->
                wrongly(lane, worker -> {
                    LaneProducer producer = producerOfItsOwn(lane);
                    LaneOpening.Opened opened = opening.open(lane, producer.client(), eager);
                    return new Opened(producer, opened.image(), opened.agreed());
                });
            case RESTORE_BEFORE_FENCING ->
                wrongly(lane, worker -> {
                    LaneReading restored = restore(lane, eager);
                    LOG.atInfo().addKeyValue("lane", lane).log("lane restored before the fence");
                    Thread.sleep(GAP.toMillis());
                    LaneProducer producer = new LaneProducer(vertx, settings, lane);
                    producer.client().initTransactions();
                    LOG.atInfo().addKeyValue("lane", lane).log("lane opened");
                    return new Opened(producer, restored.image(Set.of()), restored.lane());
                });
        };
    }

    private record Opened(LaneProducer producer, LaneImage image, Optional<StateFormat.Lane> agreed) {}

    private interface Step {
        Opened on(LaneWorker worker) throws InterruptedException;
    }

    private Future<LaneSession> wrongly(int lane, Step step) {
        LaneWorker worker = new LaneWorker(vertx, "faulty-" + lane);
        return worker.run(() -> step.on(worker))
                .compose(opened -> formats.choose(
                                opened.agreed().map(StateFormat.Lane::schemaIds).orElse(Map.of()))
                        .<LaneSession>map(chosen -> new Slow(new KafkaLaneSession(
                                vertx,
                                settings,
                                worker,
                                opened.producer(),
                                reading,
                                new Envelope(chosen.format()),
                                TraceHeaders.NONE,
                                new TopicGrowth(settings, BrokerNews.NONE),
                                opened.image(),
                                opened.agreed().isPresent()
                                        ? Optional.empty()
                                        : Optional.of(new StateFormat.Lane(
                                                StateFormat.VERSION,
                                                settings.lanes(),
                                                offsets.clusterId(),
                                                chosen.toKeep()))))))
                .recover(e -> Future.failedFuture(new Failures(settings).ofStep("lane " + lane + " did not open", e)));
    }

    private LaneProducer producerOfItsOwn(int lane) {
        KafkaSettings own = new KafkaSettings(
                settings.client(),
                settings.prefix() + "-" + ProcessHandle.current().pid() + "-" + System.nanoTime(),
                settings.lanes(),
                settings.instance(),
                settings.registry(),
                settings.limits());
        return new LaneProducer(vertx, own, lane);
    }

    /** What is committed now; somebody may commit more a moment later. */
    private LaneReading restore(int lane, Predicate<SegmentName> eager) {
        List<TopicPartition> partition = List.of(new TopicPartition(settings.checkpoints(), lane));
        Map<TopicPartition, Long> ends = offsets.lastStable(partition);
        LaneReading restored = new LaneReading(eager);
        try (CommittedReader reader = new CommittedReader(settings, "faulty-" + lane)) {
            reader.fromBeginning(partition);
            reader.readTo(ends, settings.limits().restore(), restored::add);
        }
        return restored;
    }

    private static boolean hasRows(Batch batch) {
        return batch.publications().stream()
                .anyMatch(p -> p instanceof Publication.PointRevision || p instanceof Publication.EventRevision);
    }

    /** A session whose commits begin late. */
    private class Slow implements LaneSession {
        final LaneSession session;

        Slow(LaneSession session) {
            this.session = session;
        }

        @Override
        public LaneImage restored() {
            return session.restored();
        }

        @Override
        public boolean fits(Publication publication) {
            return session.fits(publication);
        }

        @Override
        public Future<Map<SegmentName, Long>> commit(List<Batch> batches) {
            return later(batches).compose(v -> session.commit(batches));
        }

        @Override
        public Future<List<Segment>> load(Map<SegmentName, Long> places) {
            return session.load(places);
        }

        @Override
        public Future<List<Publication>> published(Split split, RecordType type, Window window) {
            return session.published(split, type, window);
        }

        @Override
        public Future<Void> close() {
            return session.close();
        }

        Future<Void> later(List<Batch> batches) {
            if (batches.stream().anyMatch(FaultyLaneLog::hasRows)) {
                LOG.atInfo().log(IN_COMMIT);
            }
            Promise<Void> promise = Promise.promise();
            vertx.setTimer(SLOW.toMillis(), id -> promise.complete());
            return promise.future();
        }
    }

    /** A session that commits the records with the checkpoint before, then the checkpoint alone. */
    private final class TwoSteps extends Slow {
        private final Map<Split, SplitCheckpoint> last = new HashMap<>();

        TwoSteps(LaneSession session) {
            super(session);
        }

        @Override
        public LaneImage restored() {
            LaneImage image = session.restored();
            image.checkpoints().values().forEach(checkpoint -> last.put(checkpoint.split(), checkpoint));
            return image;
        }

        @Override
        public Future<Map<SegmentName, Long>> commit(List<Batch> batches) {
            boolean first = batches.stream().anyMatch(batch -> !last.containsKey(batch.split()));
            Future<?> records = first
                    ? Future.succeededFuture()
                    : session.commit(batches.stream().map(this::recordsOnly).toList());
            return records.compose(v -> first ? Future.succeededFuture() : later(batches))
                    .compose(v -> session.commit(
                            first
                                    ? batches
                                    : batches.stream().map(TwoSteps::rest).toList()))
                    .onSuccess(v -> batches.forEach(batch -> last.put(batch.split(), batch.checkpoint())));
        }

        private Batch recordsOnly(Batch batch) {
            return new Batch(
                    batch.split(),
                    batch.publications(),
                    Optional.ofNullable(last.get(batch.split())).orElseThrow(),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of());
        }

        private static Batch rest(Batch batch) {
            return new Batch(
                    batch.split(),
                    List.of(),
                    batch.checkpoint(),
                    batch.segments(),
                    batch.seals(),
                    batch.dropped(),
                    batch.droppedSeals(),
                    batch.statuses());
        }
    }
}
