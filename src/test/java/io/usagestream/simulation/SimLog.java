package io.usagestream.simulation;

import io.usagestream.checkpoint.Seal;
import io.usagestream.checkpoint.Seals;
import io.usagestream.checkpoint.Segment;
import io.usagestream.checkpoint.SegmentName;
import io.usagestream.checkpoint.SegmentPlaces;
import io.usagestream.checkpoint.SplitCheckpoint;
import io.usagestream.envelope.RecordType;
import io.usagestream.sink.Batch;
import io.usagestream.sink.LaneImage;
import io.usagestream.sink.LaneLog;
import io.usagestream.sink.LaneSession;
import io.usagestream.sink.SinkException;
import io.usagestream.sink.SinkFailure;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Split;
import io.usagestream.stream.Window;
import io.usagestream.stream.WorkStatus;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A transactional log, lane by lane: an epoch that a new session raises, transactions that are applied whole or not at all, answers
 * that get lost before or after the deed.
 */
class SimLog implements LaneLog {
    /** Told of every transaction that is applied, in order. */
    interface Audit {
        void committed(int lane, List<Batch> batches);
    }

    /** Mistakes that a log can be built with, to see them caught. */
    enum Flaw {
        NONE,
        /** The state is read before the predecessor is fenced. */
        RESTORE_BEFORE_FENCE,
        /** Every session may commit. */
        NO_FENCE,
        /** Records are written whatever becomes of the transaction that holds the checkpoint. */
        STATE_APART,
        /** Now and then a commit is acknowledged that was never applied. */
        ACKNOWLEDGES_NOTHING,
        /** After an unknown outcome the same batches are committed once more. */
        RETRIES_UNKNOWN
    }

    private static final int LARGEST = 1_000_000;

    private final SimWorld world;
    private final Dice dice;
    private final Supplier<Weather> weather;
    private final Audit audit;
    private final int lanes;
    private final Map<Integer, LaneState> states = new HashMap<>();
    private final Flaw flaw;
    private boolean loseNext;
    private Runnable missed = () -> {};

    /** What is committed to a lane. */
    private static final class LaneState {
        private int epoch;
        private long end;
        private @Nullable Pending pending;
        private final Map<String, SplitCheckpoint> checkpoints = new HashMap<>();
        private final Map<SegmentName, Long> places = new LinkedHashMap<>();
        private final Map<Long, Segment> segments = new HashMap<>();
        private final Map<String, Seal> seals = new LinkedHashMap<>();
        private final Set<String> progress = new HashSet<>();
        private final Map<String, Map<String, Publication>> last = new HashMap<>();
        private final Map<String, Set<String>> finished = new HashMap<>();
    }

    /** A transaction whose owner gave it up and that the log has not decided. */
    private record Pending(int epoch, List<Batch> batches) {}

    SimLog(SimWorld world, Dice dice, Supplier<Weather> weather, int lanes, Audit audit) {
        this(world, dice, weather, lanes, audit, Flaw.NONE);
    }

    SimLog(SimWorld world, Dice dice, Supplier<Weather> weather, int lanes, Audit audit, Flaw flaw) {
        this.flaw = flaw;
        this.world = world;
        this.dice = dice;
        this.weather = weather;
        this.lanes = lanes;
        this.audit = audit;
    }

    @Override
    public int lanes() {
        return lanes;
    }

    /** The answer to the next commit gets lost. */
    void loseNextAnswer() {
        loseNext = true;
    }

    /** Runs when the owner of a lane asks for a segment that is not there. */
    void whenMissed(Runnable report) {
        missed = report;
    }

    /** Splits whose owner has committed that a piece of work is done. */
    Set<String> finished(int lane, String work) {
        return state(lane).finished.getOrDefault(work, Set.of());
    }

    Optional<SplitCheckpoint> checkpoint(int lane, Split split) {
        return Optional.ofNullable(state(lane).checkpoints.get(split.name()));
    }

    private LaneState state(int lane) {
        return states.computeIfAbsent(lane, l -> new LaneState());
    }

    @Override
    public Future<LaneSession> open(int lane, Predicate<SegmentName> eager) {
        Promise<LaneSession> promise = Promise.promise();
        LaneState state = state(lane);
        // the flaw shows when the predecessor commits between the two
        long fenceIn = flaw == Flaw.RESTORE_BEFORE_FENCE ? dice.between(5, 600_000) : dice.between(5, 400);
        Optional<LaneImage> early =
                flaw == Flaw.RESTORE_BEFORE_FENCE ? Optional.of(image(state, eager)) : Optional.empty();
        world.in(fenceIn, () -> {
            fence(state, lane);
            int epoch = state.epoch;
            boolean lost = occurs(weather.get().commit() * 3, FaultKind.OPEN_FAILED);
            world.in(dice.between(5, 800), () -> {
                if (lost) {
                    promise.fail(new SinkException(new SinkFailure.Unknown("no answer to the fence")));
                } else if (state.epoch != epoch) {
                    promise.fail(new SinkException(new SinkFailure.Fenced("fenced while it restored")));
                } else {
                    promise.complete(session(state, lane, epoch, early.orElseGet(() -> image(state, eager))));
                }
            });
        });
        return promise.future();
    }

    /** Ends what a predecessor left open, one way or the other, and makes it unable to commit. */
    private void fence(LaneState state, int lane) {
        Pending left = state.pending;
        if (left != null && left.epoch == state.epoch && dice.chance(0.5)) {
            apply(state, lane, left.batches);
        }
        state.pending = null;
        state.epoch++;
    }

    protected LaneSession session(int lane, int epoch, LaneImage image, LaneSession plain) {
        return plain;
    }

    private LaneSession session(LaneState state, int lane, int epoch, LaneImage image) {
        return session(lane, epoch, image, new Session(state, lane, epoch, image));
    }

    private static LaneImage image(LaneState state, Predicate<SegmentName> eager) {
        List<Segment> brought = new ArrayList<>();
        long bytes = 1;
        for (Map.Entry<SegmentName, Long> place : state.places.entrySet()) {
            Segment segment = Objects.requireNonNull(state.segments.get(place.getValue()));
            bytes += segment.content().length;
            if (eager.test(place.getKey())) {
                brought.add(segment);
            }
        }
        return new LaneImage(
                new HashMap<>(state.checkpoints),
                brought,
                places(state),
                seals(state),
                Set.copyOf(state.progress),
                state.checkpoints.isEmpty() ? 0 : bytes);
    }

    protected boolean occurs(double probability, FaultKind kind) {
        if (probability > 0 && dice.chance(probability)) {
            kind.occurred();
            return true;
        }
        return false;
    }

    private Map<SegmentName, Long> apply(LaneState state, int lane, List<Batch> batches) {
        Map<SegmentName, Long> places = new HashMap<>();
        for (Batch batch : batches) {
            batch.dropped().forEach(name -> {
                Long place = state.places.remove(name);
                state.segments.remove(place);
            });
            for (Segment segment : batch.segments()) {
                long place = state.end++;
                byte[] content = segment.content().clone();
                state.segments.put(place, new Segment(segment.name(), segment.rows(), content));
                state.places.put(segment.name(), place);
                places.put(segment.name(), place);
            }
            batch.seals().forEach(seal -> state.seals.put(key(seal.split(), seal.day()), seal));
            batch.droppedSeals().forEach(day -> state.seals.remove(key(batch.split(), day)));
            state.checkpoints.put(batch.split().name(), batch.checkpoint());
            batch.publications().forEach(p -> published(state, p));
            for (WorkStatus status : batch.statuses()) {
                if (status.finished()) {
                    state.finished
                            .computeIfAbsent(status.id(), i -> new HashSet<>())
                            .add(status.split().name());
                }
            }
            state.end++;
        }
        audit.committed(lane, batches);
        return places;
    }

    private static Map<SegmentName, Long> nothing(List<Batch> batches) {
        Map<SegmentName, Long> places = new HashMap<>();
        batches.forEach(batch -> batch.segments().forEach(segment -> places.put(segment.name(), -1L)));
        return places;
    }

    private void recordsOnly(LaneState state, int lane, List<Batch> batches) {
        audit.committed(
                lane,
                batches.stream()
                        .filter(batch ->
                                state.checkpoints.containsKey(batch.split().name()))
                        .map(batch -> new Batch(
                                batch.split(),
                                batch.publications(),
                                Objects.requireNonNull(
                                        state.checkpoints.get(batch.split().name())),
                                List.of(),
                                List.of(),
                                List.of(),
                                List.of(),
                                List.of()))
                        .toList());
    }

    private static void published(LaneState state, Publication publication) {
        Map<String, Publication> last =
                state.last.computeIfAbsent(publication.split().name(), s -> new LinkedHashMap<>());
        if (publication instanceof Publication.Progress) {
            state.progress.add(publication.split().name());
        } else if (publication instanceof Publication.PointRevision point) {
            last.put(point.id(), point);
        } else if (publication instanceof Publication.EventRevision event) {
            last.put(event.id(), event);
        } else if (publication instanceof Publication.Period period) {
            last.put(key(period.split(), period.day()), period);
        } else if (publication instanceof Publication.QuarantinedRow row) {
            last.put(row.id(), row);
        }
    }

    private static Map<String, SegmentPlaces> places(LaneState state) {
        Map<String, SegmentPlaces> places = new HashMap<>();
        state.places.forEach(
                (name, offset) -> places.computeIfAbsent(name.split().name(), s -> new SegmentPlaces(name.split()))
                        .restored(name, offset));
        return places;
    }

    private static Map<String, Seals> seals(LaneState state) {
        Map<String, Seals> seals = new HashMap<>();
        state.seals
                .values()
                .forEach(seal -> seals.computeIfAbsent(seal.split().name(), s -> new Seals(seal.split()))
                        .put(seal));
        return seals;
    }

    private static String key(Split split, LocalDate day) {
        return split.name() + "|" + day;
    }

    private final class Session implements LaneSession {
        private final LaneState state;
        private final int lane;
        private final int epoch;
        private final LaneImage image;
        private boolean committing;
        private @Nullable SinkFailure spent;

        Session(LaneState state, int lane, int epoch, LaneImage image) {
            this.state = state;
            this.lane = lane;
            this.epoch = epoch;
            this.image = image;
        }

        @Override
        public LaneImage restored() {
            return image;
        }

        @Override
        public boolean fits(Publication publication) {
            return !(publication instanceof Publication.PointRevision point)
                    || point.id().length() < LARGEST;
        }

        @Override
        public Future<Map<SegmentName, Long>> commit(List<Batch> batches) {
            if (committing) {
                world.broken(new Violation("two commits of one session at a time"));
            }
            if (spent != null) {
                return Future.failedFuture(new SinkException(spent));
            }
            committing = true;
            Promise<Map<SegmentName, Long>> promise = Promise.promise();
            world.in(dice.between(2, 60), () -> decide(batches, promise));
            return promise.future();
        }

        private void decide(List<Batch> batches, Promise<Map<SegmentName, Long>> promise) {
            double p = weather.get().commit();
            if (state.epoch != epoch && flaw != Flaw.NO_FENCE) {
                FaultKind.COMMIT_FENCED.occurred();
                fail(promise, new SinkFailure.Fenced("epoch " + epoch + " is over, it is " + state.epoch));
            } else if (occurs(p, FaultKind.COMMIT_ABORTED)) {
                if (flaw == Flaw.STATE_APART) {
                    recordsOnly(state, lane, batches);
                }
                fail(promise, new SinkFailure.Aborted("aborted"));
            } else if (loseNext || occurs(p, FaultKind.COMMIT_UNKNOWN_DONE)) {
                loseNext = false;
                apply(state, lane, batches);
                if (flaw == Flaw.RETRIES_UNKNOWN) {
                    apply(state, lane, batches);
                }
                fail(promise, new SinkFailure.Unknown("no answer"));
            } else if (occurs(p, FaultKind.COMMIT_UNKNOWN_NOT_DONE)) {
                fail(promise, new SinkFailure.Unknown("no answer"));
            } else if (occurs(p, FaultKind.COMMIT_UNKNOWN_PENDING)) {
                // the coordinator goes on with it, unless a successor ends it first
                Pending pending = new Pending(epoch, batches);
                state.pending = pending;
                world.in(dice.between(1, 2_000), () -> {
                    if (state.pending != null && state.epoch == epoch) {
                        state.pending = null;
                        apply(state, lane, batches);
                    }
                });
                fail(promise, new SinkFailure.Unknown("no answer"));
            } else {
                Map<SegmentName, Long> places = flaw == Flaw.ACKNOWLEDGES_NOTHING && dice.chance(0.02)
                        ? nothing(batches)
                        : apply(state, lane, batches);
                world.in(dice.between(1, 20), () -> {
                    committing = false;
                    promise.complete(places);
                });
            }
        }

        private void fail(Promise<Map<SegmentName, Long>> promise, SinkFailure failure) {
            spent = failure;
            world.in(dice.between(1, 3_000), () -> {
                committing = false;
                promise.fail(new SinkException(failure));
            });
        }

        @Override
        public Future<List<Segment>> load(Map<SegmentName, Long> places) {
            Promise<List<Segment>> promise = Promise.promise();
            world.in(dice.between(2, 80), () -> {
                if (occurs(weather.get().commit(), FaultKind.LOAD_FAILED)) {
                    promise.fail(new SinkException(new SinkFailure.Unknown("no answer to a read")));
                    return;
                }
                List<Segment> loaded = new ArrayList<>();
                for (Map.Entry<SegmentName, Long> place : places.entrySet()) {
                    Segment segment = state.segments.get(place.getValue());
                    if (segment == null || !segment.name().equals(place.getKey())) {
                        if (state.epoch == epoch) {
                            missed.run();
                        }
                        promise.fail(new SinkException(
                                new SinkFailure.Refused(Reason.STATE_LOST, "no segment at " + place)));
                        return;
                    }
                    loaded.add(segment);
                }
                promise.complete(loaded);
            });
            return promise.future();
        }

        @Override
        public Future<List<Publication>> published(Split split, RecordType type, Window window) {
            Promise<List<Publication>> promise = Promise.promise();
            world.in(
                    dice.between(5, 300),
                    () -> promise.complete(state.last.getOrDefault(split.name(), Map.of()).values().stream()
                            .filter(p -> RecordType.of(p) == type && p.isOf(window))
                            .toList()));
            return promise.future();
        }

        @Override
        public Future<Void> close() {
            Promise<Void> promise = Promise.promise();
            world.in(dice.between(1, 100), promise::complete);
            return promise.future();
        }
    }
}
