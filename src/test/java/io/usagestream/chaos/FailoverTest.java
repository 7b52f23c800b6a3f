package io.usagestream.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * How long a lane stands still, on the default settings of the clients: printed, for the design notes. The bounds that are asserted
 * are generous, because a machine that runs other tests starts a JVM slowly.
 *
 * <p>{@code -Dfailover.kills=10} of the only instance, {@code -Dfailover.rounds=5} with a standby.
 */
@Tag("chaos")
class FailoverTest {
    private static final int KILLS = Integer.getInteger("failover.kills", 10);
    private static final int ROUNDS = Integer.getInteger("failover.rounds", 5);
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration GENEROUS = Duration.ofSeconds(30);

    private static Workload lively() {
        return Workload.small(23).with(Map.of()).paced(6_000, Duration.ofHours(1));
    }

    @Test
    void theOnlyInstanceCommitsAgainSoonAfterItWasKilledAndStarted() {
        try (Stage stage = Stage.plain("restart", lively());
                CommitWatch watch = flowing(stage)) {
            List<Duration> times = new ArrayList<>();
            for (int round = 0; round < KILLS; round++) {
                kill(stage, stage.instances().get(0));
                Child next = stage.launch();
                awaitCommit(watch, next.started(), 1);
                times.add(Duration.ofNanos(System.nanoTime() - next.started()));
                awaitCommit(watch, System.nanoTime(), 2);
            }
            print("process start to the first new commit, only instance, kill -9", times);
            assertThat(median(times)).isLessThan(GENEROUS);
            stage.clear();
            Verdict verdict = stage.settle();
            System.out.println("chaos: after " + KILLS + " kills of the only instance: " + verdict);
            assertThat(verdict.sound()).as(verdict.toString()).isTrue();
        }
    }

    @Test
    void aStandbyTakesTheLanesOfTheDeadOver() {
        try (Stage stage = Stage.plain("takeover", lively());
                CommitWatch watch = flowing(stage)) {
            List<Duration> times = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                Child standby = stage.launch();
                Pause.until(() -> standby.says("lane is running"), PATIENCE);
                Set<Integer> lanes =
                        awaitCommit(watch, System.nanoTime(), stage.workload().lanes() - 1);
                kill(stage, stage.instances().get(0));
                long killed = System.nanoTime();
                awaitCommit(watch, killed, lanes.size());
                times.add(Duration.ofNanos(System.nanoTime() - killed));
            }
            print("kill -9 to a new commit in every lane, standby", times);
            assertThat(median(times)).isLessThan(GENEROUS);
        }
    }

    @Test
    void aRollingRestartOfThreeLeavesNoLaneIdleForLong() {
        try (Stage stage = Stage.plain("rolling", lively());
                CommitWatch watch = flowing(stage)) {
            Child second = stage.launch();
            Child third = stage.launch();
            Pause.until(() -> second.says("lane is running") && third.says("lane is running"), PATIENCE);
            awaitCommit(watch, System.nanoTime(), 2);
            long began = System.nanoTime();
            for (Child old : List.copyOf(stage.instances())) {
                old.terminate();
                stage.dismiss(old);
                assertThat(old.exit(Duration.ofSeconds(15))).hasValue(0);
                Child fresh = stage.launch();
                Pause.until(() -> fresh.says("joining the group"), PATIENCE);
                Pause.millis(2_000);
            }
            System.out.printf(
                    "chaos: longest time without a commit in a lane, rolling restart of three: %.1f s%n",
                    watch.longestIdle(began).toMillis() / 1e3);
            assertThat(watch.longestIdle(began)).isLessThan(GENEROUS);
        }
    }

    /** A stage whose first instance commits in its lanes. */
    private static CommitWatch flowing(Stage stage) {
        Child first = stage.launch();
        assertThat(Pause.until(() -> first.says("lane is running"), PATIENCE))
                .as(stage.toString())
                .isTrue();
        CommitWatch watch = new CommitWatch(
                stage.client(),
                stage.prefix() + ".checkpoints",
                stage.workload().lanes());
        awaitCommit(watch, System.nanoTime(), 2);
        return watch;
    }

    private static Set<Integer> awaitCommit(CommitWatch watch, long since, int lanes) {
        assertThat(Pause.until(() -> watch.since(since).size() >= lanes, PATIENCE))
                .as("commits in %d lanes", lanes)
                .isTrue();
        return watch.since(since);
    }

    private static void kill(Stage stage, Child instance) {
        instance.kill();
        stage.dismiss(instance);
    }

    private static Duration median(List<Duration> times) {
        return times.stream().sorted().toList().get(times.size() / 2);
    }

    private static void print(String what, List<Duration> times) {
        System.out.printf(
                "chaos: %s: median %.1f s of %s%n",
                what,
                median(times).toMillis() / 1e3,
                times.stream()
                        .map(t -> String.format("%.1f", t.toMillis() / 1e3))
                        .toList());
    }
}
