package io.usagestream.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.sink.kafka.FaultyLaneLog;
import io.usagestream.sink.kafka.FaultyLaneLog.Fault;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the chaos tests are for is caught by them: the same processes with lanes that are kept wrongly publish twice. */
@Tag("chaos")
class NegativeControlsTest {
    private static final int ROUNDS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void restoringBeforeFencingIsCaught() {
        assertThat(roundsUntilCaught(Fault.RESTORE_BEFORE_FENCING)).isBetween(1, ROUNDS);
    }

    @Test
    void notFencingIsCaught() {
        assertThat(roundsUntilCaught(Fault.NO_FENCING)).isBetween(1, ROUNDS);
    }

    @Test
    void aCheckpointOutsideTheTransactionIsCaught() {
        assertThat(roundsUntilCaught(Fault.CHECKPOINT_OUTSIDE)).isBetween(1, ROUNDS);
    }

    /** The round after which something was published twice; 0 when that never happened. */
    static int roundsUntilCaught(Fault fault) {
        // of several lanes, those in the middle of a commit may be the ones that the group gives back to the victim
        Workload workload = Workload.small(17).inOneLane();
        try (Stage stage = Stage.rough(fault.name().toLowerCase(java.util.Locale.ROOT), workload)) {
            stage.playing(FaultyRun.class, fault.name());
            stage.launch();
            for (int round = 1; round <= ROUNDS; round++) {
                Child victim = working(stage);
                if (fault == Fault.CHECKPOINT_OUTSIDE) {
                    victim.kill();
                    stage.dismiss(victim);
                    stage.launch();
                } else {
                    outlive(stage, victim);
                }
                working(stage);
                Pause.millis(1_000);
                if (stage.doubled() > 0) {
                    System.out.printf("chaos: %s was caught in round %d%n", fault, round);
                    return round;
                }
            }
            return 0;
        }
    }

    /** The victim stands still until its successor has read the state, then goes on for a while. */
    private static void outlive(Stage stage, Child victim) {
        victim.stop();
        stage.dismiss(victim);
        Child successor = stage.launch();
        Pause.until(
                () -> successor.says("lane restored before the fence") || successor.says("lane is running"), PATIENCE);
        long begun = inCommit(victim);
        victim.goOn();
        Pause.until(() -> inCommit(victim) > begun + 1 || successor.says("lane is running"), PATIENCE);
        Pause.millis(1_000);
        victim.kill();
        Pause.until(() -> successor.says("lane is running"), PATIENCE);
    }

    /** An instance that is in the middle of a commit. */
    private static Child working(Stage stage) {
        Child instance = stage.instances().get(0);
        long begun = inCommit(instance);
        assertThat(Pause.until(() -> inCommit(instance) > begun, PATIENCE))
                .as("commits, see " + stage)
                .isTrue();
        return instance;
    }

    private static long inCommit(Child instance) {
        return instance.lines().stream()
                .filter(line -> line.contains(FaultyLaneLog.IN_COMMIT))
                .count();
    }
}
