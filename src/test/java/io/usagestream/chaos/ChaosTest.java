package io.usagestream.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Nothing is lost and nothing doubled, whatever dies. */
class ChaosTest {
    private static final long SEED = Long.getLong("chaos.seed", 4);

    @Test
    void nothingIsLostOrDoubledWhenProcessesAreKilledStoppedAndCutOff() {
        Plan plan = new Plan(
                SEED,
                Map.of(
                        Disaster.KILL, 8,
                        Disaster.ZOMBIE, 2,
                        Disaster.AMBIGUITY, 3,
                        Disaster.BROKER, 1,
                        Disaster.TERMINATION, 1,
                        Disaster.NETWORK, 2),
                1,
                2,
                Duration.ofSeconds(3));
        Report.printed(plan, () -> Stage.rough("campaign", Workload.small(SEED)), (stage, verdict) -> {
            assertThat(verdict.sound()).as(verdict.toString()).isTrue();
            long before = verdict.offsets();
            stage.catchUp();
            assertThat(Topics.records(stage.client(), stage.prefix()))
                    .as("records after a second --until-caught-up")
                    .isEqualTo(before);
        });
    }
}
