package io.usagestream.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The same for longer. {@code -Dchaos.seed=7} takes another seed, {@code -Dchaos.plan=300,60,60,20,100,20} another number of kills,
 * zombies, lost answers, broker kills, SIGTERMs and network troubles, {@code -Dchaos.pace=6000} busier accounts, {@code -Dchaos.accounts=8}
 * more of them, {@code -Dchaos.history=336} more hours of what lies behind them (what is younger than 48 h is read again after every
 * disaster), {@code -Dchaos.patience=600} more seconds for the last reading of all that, {@code -Dchaos.heap=384m} more memory for it,
 * {@code -Dchaos.poll=10s} and {@code -Dchaos.sweep=10m} polls and sweeps that leave upstream time for new rows.
 */
@Tag("chaos")
class LongChaosTest {
    private static final long SEED = Long.getLong("chaos.seed", 5);
    private static final Workload SMALL = Workload.small(SEED);
    private static final int PACE = Integer.getInteger("chaos.pace", SMALL.pace());
    private static final int ACCOUNTS = Integer.getInteger("chaos.accounts", SMALL.accounts());
    private static final Duration HISTORY =
            Duration.ofHours(Long.getLong("chaos.history", SMALL.history().toHours()));
    private static final String COUNTS = System.getProperty("chaos.plan", "30,10,10,5,10,10");

    @Test
    void nothingIsLostOrDoubledInALongCampaign() {
        int[] counts =
                Arrays.stream(COUNTS.split(",")).mapToInt(Integer::parseInt).toArray();
        Plan plan = new Plan(
                SEED,
                Map.of(
                        Disaster.KILL, counts[0],
                        Disaster.ZOMBIE, counts[1],
                        Disaster.AMBIGUITY, counts[2],
                        Disaster.BROKER, counts[3],
                        Disaster.TERMINATION, counts[4],
                        Disaster.NETWORK, counts[5]),
                1,
                4,
                Duration.ofSeconds(3));
        Report.printed(
                plan,
                () -> Stage.rough("campaign", SMALL.paced(PACE, HISTORY).withAccounts(ACCOUNTS)),
                (stage, verdict) ->
                        assertThat(verdict.sound()).as(verdict.toString()).isTrue());
    }
}
