package io.usagestream.chaos;

import static org.assertj.core.api.Assertions.assertThat;

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
        Report.printed(plan, () -> Stage.replicated("three", Workload.small(SEED)), (stage, verdict) -> {
            assertThat(verdict.sound()).as(verdict.toString()).isTrue();
            long before = verdict.offsets();
            stage.catchUp();
            assertThat(Topics.records(stage.client(), stage.prefix()))
                    .as("records after a second --until-caught-up")
                    .isEqualTo(before);
        });
    }
}
