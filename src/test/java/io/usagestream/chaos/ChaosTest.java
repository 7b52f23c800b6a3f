package io.usagestream.chaos;

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
        Report.printed(plan, () -> Stage.rough("campaign", Workload.small(SEED)), Report::soundAndAtRest);
    }
}
