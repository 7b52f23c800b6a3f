package io.usagestream.chaos;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Brokers are killed one after the other, so that one of three is always down, while instances are killed too. */
@Tag("chaos")
class ThreeBrokersChaosTest {
    private static final long SEED = Long.getLong("chaos.seed", 6);

    @Test
    void nothingIsLostOrDoubledWhileOneOfThreeBrokersIsDown() {
        Plan plan = new Plan(
                SEED,
                Map.of(Disaster.BROKER, 4, Disaster.KILL, 4, Disaster.ZOMBIE, 1, Disaster.TERMINATION, 1),
                1,
                2,
                Duration.ofSeconds(2));
        Report.printed(plan, () -> Stage.replicated("three", Workload.small(SEED)), Report::soundAndAtRest);
    }
}
