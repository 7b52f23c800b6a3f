package io.usagestream.simulation;

import io.usagestream.dedup.Admitted;
import io.usagestream.ingest.Lane;
import io.usagestream.ingest.LaneStatus;
import io.usagestream.ingest.Observer;
import io.usagestream.ingest.SourceContext;
import io.usagestream.plan.Budget;
import io.usagestream.plan.Gate;
import io.usagestream.sink.Batch;
import io.usagestream.sink.Ownership;
import io.usagestream.sink.SinkFailure;
import io.usagestream.source.SourceSettings;
import io.usagestream.source.StreamSettings;
import io.usagestream.source.Upstream;
import io.usagestream.stream.PageRequest;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Split;
import io.usagestream.stream.Window;
import io.usagestream.stream.Work;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One run: a world, its faults, then healing and calm; the invariants after every commit, the truth at the end. The lane and its
 * loops are the production ones.
 */
class Simulation implements SimLog.Audit, SimUpstream.Served {
    static final int LANES = 1;
    private static final int LANE = 0;
    private static final long MOST_TASKS = 3_000_000;

    final long seed;
    final Dice dice;
    final Scenario scenario;
    final SimWorld world;
    final SimLog log;
    final Map<String, SplitFold> folds = new HashMap<>();
    private final Map<String, SimUpstream> upstreams = new HashMap<>();
    private final List<Instance> instances = new ArrayList<>();
    private final Map<String, Work> work = new TreeMap<>();
    private @Nullable Instance owner;
    private @Nullable Instance alsoOwner;
    private long commits;
    private long publications;
    private boolean healed;

    Simulation(long seed) {
        this(seed, Scenario.of(seed));
    }

    Simulation(long seed, Scenario scenario) {
        this.seed = seed;
        this.scenario = scenario;
        dice = new Dice(seed).of(1);
        world = new SimWorld(scenario.begin());
        log = log(world, dice.of(2));
        log.whenMissed(() -> world.broken(new Violation("a segment is wanted that was dropped")));
        for (SourceSettings source : scenario.sources()) {
            SimUpstream upstream =
                    new SimUpstream(world, dice.of(source.name().hashCode()), this::weather, scenario.habits(), this);
            upstreams.put(source.name(), upstream);
        }
        for (SplitPlan plan : scenario.splits()) {
            Split split = plan.settings().split();
            folds.put(split.name(), new SplitFold(plan));
            SimUpstream upstream = Objects.requireNonNull(upstreams.get(split.source()));
            plan.buckets().ifPresent(truth -> upstream.offers(split.stream(), truth));
            plan.log().ifPresent(truth -> upstream.offers(split.stream(), truth));
        }
    }

    // ---- what planted faults replace

    SimLog log(SimWorld in, Dice chance) {
        return new SimLog(in, chance, this::weather, LANES, this);
    }

    Upstream upstream(Upstream plain) {
        return plain;
    }

    StreamSettings settings(StreamSettings plain) {
        return plain;
    }

    // ---- the run

    /** Runs to the end. */
    Outcome run() {
        begin(scenario.begin(), Map.of());
        plague();
        world.runUntil(scenario.heal(), MOST_TASKS);
        heal();
        world.runUntil(scenario.end(), MOST_TASKS);
        scenario.splits()
                .forEach(plan -> Truth.check(
                        plan,
                        Objects.requireNonNull(folds.get(plan.settings().split().name())),
                        world.now()));
        return new Outcome(commits, publications);
    }

    /** What a run came to. */
    record Outcome(long commits, long publications) {}

    Weather weather() {
        return healed ? Weather.CALM : scenario.weather();
    }

    /** One process: a clock, a lane, and the faults of its own. */
    private final class Instance {
        private final SimTicker ticker;
        private final Lane lane;

        Instance(Map<String, String> otherSettings) {
            ticker = new SimTicker(world, dice.of(instances.size() + 100L));
            List<SourceContext> contexts = scenario.sources().stream()
                    .map(s -> new SourceContext(
                            with(s, otherSettings),
                            upstream(Objects.requireNonNull(upstreams.get(s.name()))),
                            new Gate(new Budget(s.requestsPerMinute(), ticker.now()))))
                    .toList();
            Ownership ownership = new Group(this);
            lane = new Lane(LANE, log, ownership, contexts, ticker, new Watcher(!otherSettings.isEmpty()));
        }

        boolean owns() {
            return owner == this || alsoOwner == this;
        }
    }

    private SourceSettings with(SourceSettings plain, Map<String, String> otherSettings) {
        return Scenario.with(plain, stream -> {
            StreamSettings mine = settings(stream);
            if (otherSettings.isEmpty()) {
                return mine;
            }
            TreeMap<String, String> fingerprint = new TreeMap<>(mine.fingerprint());
            fingerprint.putAll(otherSettings);
            return Scenario.with(mine, fingerprint);
        });
    }

    private Instance begin(Instant at, Map<String, String> otherSettings) {
        Instance instance = new Instance(otherSettings);
        instances.add(instance);
        owner = instance;
        world.in(at.toEpochMilli() - world.millis(), () -> {
            if (!instance.ticker.alive()) {
                return;
            }
            instance.lane.start();
            work.values().forEach(piece -> instance.lane.work(unfinished(piece)));
        });
        return instance;
    }

    private Work unfinished(Work piece) {
        return new Work(
                piece.id(),
                piece.kind(),
                piece.source(),
                piece.stream(),
                piece.window(),
                log.finished(LANE, piece.id()));
    }

    private Instance owner() {
        return Objects.requireNonNull(owner);
    }

    // ---- faults of processes

    private void plague() {
        Instant at = scenario.begin();
        while (true) {
            at = at.plusMillis(dice.millis(Duration.ofSeconds(1), scenario.plagueEvery()));
            if (!at.isBefore(scenario.heal().minusSeconds(600))) {
                return;
            }
            world.in(at.toEpochMilli() - world.millis(), this::strike);
        }
    }

    private void strike() {
        if (owner == null) {
            return;
        }
        switch (dice.between(0, 9)) {
            case 0, 1, 2 -> die(dice.between(0, 60_000));
            case 3 -> zombie(false);
            case 4 -> zombie(true);
            case 5 -> restart();
            case 6 -> step();
            case 7 -> otherSettings();
            case 8 -> ask();
            default -> {
                if (dice.chance(scenario.outages())) {
                    FaultKind.OUTAGE.occurred();
                    die(dice.millis(Duration.ofHours(1), scenario.lookback().multipliedBy(2)));
                }
            }
        }
    }

    private void die(long pause) {
        FaultKind.DEATH.occurred();
        Instance dying = owner();
        dying.ticker.dieAfter(dice.between(1, 120), () -> succeed(dying, pause));
    }

    private void succeed(Instance dead, long pause) {
        if (owner == dead) {
            begin(world.now().plusMillis(pause), Map.of());
        }
    }

    /** A successor begins while the old one goes on, not knowing; perhaps both are told that the lane is theirs. */
    private void zombie(boolean bothOwn) {
        Instance zombie = owner();
        if (!zombie.ticker.alive()) {
            return;
        }
        (bothOwn ? FaultKind.DUPLICATE_OWNER : FaultKind.ZOMBIE).occurred();
        begin(world.now(), Map.of());
        alsoOwner = bothOwn ? zombie : alsoOwner;
        world.in(dice.between(1_000, 900_000), () -> {
            alsoOwner = alsoOwner == zombie ? null : alsoOwner;
            if (dice.chance(0.5)) {
                zombie.lane.stop();
            } else {
                zombie.ticker.die();
            }
        });
    }

    private void restart() {
        FaultKind.RESTART.occurred();
        Instance old = owner();
        if (!old.ticker.alive()) {
            return;
        }
        old.lane.stop().onComplete(stopped -> {
            old.ticker.die();
            succeed(old, dice.between(0, 5_000));
        });
    }

    private void step() {
        FaultKind.CLOCK_STEP.occurred();
        Instance instance = owner();
        long to = dice.chance(0.5) ? dice.between(-120_000, 120_000) : dice.between(-36_000_000, 36_000_000);
        instance.ticker.step(Duration.ofMillis(to));
        world.in(dice.between(60_000, 7_200_000), () -> instance.ticker.step(Duration.ZERO));
    }

    private void otherSettings() {
        Instance old = owner();
        // what was never committed has nothing to be compared with
        boolean known = scenario.splits().stream()
                .allMatch(p -> log.checkpoint(LANE, p.settings().split()).isPresent());
        if (!old.ticker.alive() || !known) {
            return;
        }
        FaultKind.OTHER_SETTINGS.occurred();
        old.ticker.die();
        Instance other = begin(world.now(), Map.of("group-by", "another"));
        world.in(dice.between(30_000, 600_000), () -> {
            other.ticker.die();
            succeed(other, 0);
        });
    }

    private void ask() {
        FaultKind.WORK.occurred();
        SourceSettings source = dice.one(scenario.sources());
        Instant from = scenario.start().minus(Duration.ofDays(1)).plusSeconds(dice.between(0, 86_400));
        Window window = new Window(from, from.plusSeconds(dice.between(1, 100_000)));
        Work.Kind kind = dice.chance(0.5) ? Work.Kind.BACKFILL : Work.Kind.REPAIR;
        Work piece = new Work("w" + work.size(), kind, source.name(), Optional.empty(), window, Set.of());
        work.put(piece.id(), piece);
        if (owner().ticker.alive()) {
            owner().lane.work(piece);
        }
    }

    private void heal() {
        healed = true;
        alsoOwner = null;
        for (Instance instance : instances) {
            instance.ticker.step(Duration.ZERO);
            if (instance != owner) {
                instance.ticker.die();
            }
        }
        Instance last = owner();
        if (scenario.restartToHeal() || !last.ticker.alive()) {
            last.ticker.die();
            begin(world.now(), Map.of());
        }
    }

    // ---- what is told

    @Override
    public void committed(int lane, List<Batch> batches) {
        commits++;
        for (Batch batch : batches) {
            publications += batch.publications().size();
            SplitFold fold = Objects.requireNonNull(folds.get(batch.split().name()));
            try {
                fold.committed(batch.publications(), batch.checkpoint(), world.millis());
            } catch (Violation e) {
                world.broken(e);
            }
        }
    }

    @Override
    public void buckets(PageRequest.Buckets request, long from, long to) {
        fold(request).coverage.served(from, to, world.millis());
    }

    @Override
    public void log(PageRequest.Log request) {
        long from = request.window().from().toEpochMilli();
        fold(request).coverage.served(from, request.window().to().toEpochMilli(), world.millis());
    }

    private SplitFold fold(PageRequest request) {
        return Objects.requireNonNull(folds.get(request.split().name()));
    }

    /** The group: says who owns the lane, late. */
    private final class Group extends Sole {
        private final Instance instance;

        Group(Instance instance) {
            this.instance = instance;
        }

        @Override
        public Future<Boolean> confirm(int lane) {
            io.vertx.core.Promise<Boolean> promise = io.vertx.core.Promise.promise();
            world.in(dice.between(5, 2_000), () -> promise.complete(instance.owns()));
            return promise.future();
        }
    }

    /** Sees what must never be. */
    private final class Watcher implements Observer {
        private final boolean otherSettings;

        Watcher(boolean otherSettings) {
            this.otherSettings = otherSettings;
        }

        @Override
        public void commitFailed(int lane, SinkFailure failure, Duration took) {
            bug(failure.message());
        }

        @Override
        public void lane(LaneStatus status) {
            bug(status.message());
        }

        private void bug(String message) {
            if (message.contains("bug")) {
                world.broken(new Violation(message));
            }
        }

        @Override
        public void committed(int lane, List<Batch> batches, Duration took) {
            if (otherSettings) {
                world.broken(new Violation("a commit under other settings"));
            }
        }

        @Override
        public void gaveUp(Split split, Reason reason, String message) {
            if (reason == Reason.STATE_LOST || otherSettings != (reason == Reason.SETTINGS_CHANGED)) {
                if (reason == Reason.STATE_LOST || reason == Reason.SETTINGS_CHANGED) {
                    world.broken(new Violation("given up: " + message));
                }
            }
        }

        @Override
        public void admitted(Split split, Admitted admitted) {
            long said = admitted.publications().stream()
                    .filter(p -> p instanceof Publication.PointRevision || p instanceof Publication.EventRevision)
                    .count();
            if (said < admitted.fresh() + admitted.revised() + admitted.retracted()) {
                world.broken(new Violation("fewer revisions than rows admitted"));
            }
        }
    }
}
