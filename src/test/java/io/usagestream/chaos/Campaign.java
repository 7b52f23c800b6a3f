package io.usagestream.chaos;

import io.usagestream.it.KafkaProxy;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;

/** Carries a plan out on a stage, then heals what it broke. A seed gives the same plan; what it meets is up to the machine. */
final class Campaign {
    private static final Duration ENOUGH_TO_STOP = Duration.ofSeconds(15);
    /** For a machine that is busy with other tests too. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Stage stage;
    private final Plan plan;
    private final Random random;
    private final Map<Disaster, Integer> happened = new EnumMap<>(Disaster.class);
    private final Map<Child, Long> asleep = new HashMap<>();

    Campaign(Stage stage, Plan plan) {
        this.stage = stage;
        this.plan = plan;
        this.random = new Random(plan.seed());
    }

    /** What really happened, by kind. */
    Map<Disaster, Integer> run() {
        fill(plan.most());
        if (!Pause.until(() -> Topics.records(stage.client(), stage.prefix()) > 0, PATIENCE)) {
            throw new AssertionError("nothing is committed, see " + stage);
        }
        for (Disaster disaster : plan.order(random)) {
            if (random.nextInt(4) > 0) {
                awaitWork();
            }
            strike(disaster);
            happened.merge(disaster, 1, Integer::sum);
            breathe(random.nextLong(Math.max(1, plan.pause().toMillis())));
            fill(plan.fewest() + random.nextInt(plan.most() - plan.fewest() + 1));
        }
        while (!asleep.isEmpty()) {
            breathe(200);
        }
        breathe(3_000);
        stage.cluster().heal();
        return happened;
    }

    private void strike(Disaster disaster) {
        switch (disaster) {
            case KILL -> {
                Child victim = anyAwake();
                victim.kill();
                stage.dismiss(victim);
            }
            case ZOMBIE -> {
                Child victim = anyAwake();
                victim.stop();
                asleep.put(
                        victim,
                        System.nanoTime() + Workload.TAKEN_FOR_DEAD.toNanos() + random.nextInt(2_000) * 1_000_000L);
                stage.dismiss(victim);
                fill(Math.max(1, plan.fewest())); // somebody is there to take over
            }
            case AMBIGUITY -> loseCommits();
            case BROKER -> stage.cluster().strike(() -> breathe(random.nextInt(2_000)));
            case TERMINATION -> terminate(anyAwake());
            case NETWORK -> disturb();
        }
    }

    /** In every lane, from the first commit on that is lost; it lasts until the lane is opened anew. */
    private void loseCommits() {
        int before = proxy().lost();
        boolean carriedOut = random.nextBoolean();
        fill(1);
        boolean lost = Pause.until(
                () -> {
                    // again and again: a lane that is just being opened has forgotten it
                    for (int lane = 0; lane < stage.workload().lanes(); lane++) {
                        proxy().loseCommits(stage.prefix() + "-lane-" + lane, carriedOut);
                    }
                    breathe(50);
                    return proxy().lost() > before;
                },
                PATIENCE);
        if (!lost) {
            throw new AssertionError("no lane commits any more, see " + stage);
        }
    }

    private void terminate(Child instance) {
        // before its first line it may be a Java machine that has not yet heard of the program: then the signal is
        // fatal
        Pause.until(() -> !instance.lines().isEmpty(), PATIENCE);
        instance.terminate();
        stage.dismiss(instance);
        OptionalInt status = instance.exit(ENOUGH_TO_STOP);
        if (status.isEmpty() || status.getAsInt() != 0) {
            throw new AssertionError("SIGTERM to " + instance.name() + " ended with " + status + ", see " + stage);
        }
    }

    private KafkaProxy proxy() {
        return stage.cluster()
                .proxy()
                .orElseThrow(() -> new IllegalStateException("a plan of brokers without a proxy"));
    }

    private void disturb() {
        switch (random.nextInt(3)) {
            case 0 -> proxy().delay(Duration.ofMillis(20 + random.nextInt(100)));
            case 1 -> proxy().cut();
            default -> proxy().fallSilent();
        }
        breathe(1_000 + random.nextInt(2_000));
        proxy().heal();
    }

    /** Most disasters hit an instance that works; the others may hit one that still starts. */
    private void awaitWork() {
        fill(1);
        Pause.until(
                () -> {
                    breathe(50);
                    return stage.instances().stream().anyMatch(i -> i.says("lane is running"));
                },
                PATIENCE);
    }

    private Child anyAwake() {
        fill(1);
        List<Child> awake = stage.instances();
        return awake.get(random.nextInt(awake.size()));
    }

    private void fill(int count) {
        while (stage.instances().size() < count) {
            stage.launch();
        }
    }

    /** Time goes by; who has slept enough wakes up, and lives on beside its successor for a moment. */
    private void breathe(long millis) {
        long end = System.nanoTime() + millis * 1_000_000;
        do {
            asleep.entrySet().removeIf(entry -> {
                boolean due = System.nanoTime() - entry.getValue() >= 0;
                if (due) {
                    entry.getKey().goOn();
                    stage.instances().add(entry.getKey());
                }
                return due;
            });
            requireNoneDied();
            Pause.millis(Math.max(1, Math.min(100, (end - System.nanoTime()) / 1_000_000)));
        } while (System.nanoTime() - end < 0);
    }

    /** An instance that ends by itself is a bug. */
    private void requireNoneDied() {
        for (Child instance : stage.instances()) {
            if (!instance.alive()) {
                throw new AssertionError(instance.name() + " ended by itself, see " + stage);
            }
        }
    }
}
