package io.usagestream.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The same for longer. {@code -Dchaos.times=10 -Dchaos.seed=7} makes a campaign ten times as long with another seed. */
@Tag("chaos")
class LongChaosTest {
    private static final long SEED = Long.getLong("chaos.seed", 5);
    private static final int TIMES = Integer.getInteger("chaos.times", 1);

    @Test
    void nothingIsLostOrDoubledInALongCampaign() {
        Plan plan = new Plan(
                SEED,
                Map.of(
                        Disaster.KILL, 30 * TIMES,
                        Disaster.ZOMBIE, 10 * TIMES,
                        Disaster.AMBIGUITY, 10 * TIMES,
                        Disaster.BROKER, 5 * TIMES,
                        Disaster.TERMINATION, 10 * TIMES,
                        Disaster.NETWORK, 10 * TIMES),
                1,
                4,
                Duration.ofSeconds(3));
        Report.printed(
                plan,
                Workload.small(SEED),
                (stage, verdict) ->
                        assertThat(verdict.sound()).as(verdict.toString()).isTrue());
    }
}
