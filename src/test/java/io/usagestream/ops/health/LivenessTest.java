package io.usagestream.ops.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.ingest.LaneStatus;
import io.usagestream.ingest.LaneStatus.Phase;
import io.usagestream.ops.Instance;
import io.usagestream.ops.Instance.ConfiguredSource;
import io.usagestream.sink.SinkFailure;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Split;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A process lives while its lanes make steps, whatever the steps come to. */
final class LivenessTest {
    private static final Instant START = Instant.parse("2026-11-20T12:00:00Z");
    private static final Split COSTS = new Split("openai", "acme", "costs");

    private Instant now = START;
    private final InstantSource clock = () -> now;
    private final Instance instance = new Instance(
            "one", "1", START, "usage", 1, List.of(new ConfiguredSource("acme", "openai", List.of("costs"))));
    private final Liveness liveness = new Liveness(instance, Duration.ofMinutes(5), clock);

    @Test
    void aLaneWithoutAStepIsDeadAfterItsDeadline() {
        liveness.lane(lane(Phase.RUNNING));
        pass(Duration.ofMinutes(5));
        assertThat(liveness.answer().good()).isTrue();
        pass(Duration.ofSeconds(1));
        assertThat(liveness.answer().because()).singleElement().asString().contains("lane 0 made no step");
    }

    @Test
    void failuresAreStepsToo() {
        liveness.lane(lane(Phase.RUNNING));
        for (int i = 0; i < 20; i++) {
            pass(Duration.ofMinutes(4));
            if (i % 2 == 0) {
                liveness.windowFailed(COSTS, Reason.SERVER_ERROR, "503");
            } else {
                liveness.commitFailed(0, new SinkFailure.Aborted("no broker"), Duration.ZERO);
            }
            assertThat(liveness.answer().good()).isTrue();
        }
    }

    @Test
    void anHourThatUpstreamAskedForIsNoDeath() {
        liveness.lane(lane(Phase.RUNNING));
        liveness.waiting(COSTS, Duration.ofHours(1));
        liveness.page(COSTS, Optional.empty(), Duration.ZERO);
        pass(Duration.ofMinutes(64));
        assertThat(liveness.answer().good()).isTrue();
        pass(Duration.ofMinutes(2));
        assertThat(liveness.answer().good()).isFalse();
    }

    @Test
    void anHourWithoutAnythingToReadIsNoDeath() {
        liveness.lane(lane(Phase.RUNNING));
        liveness.resting(COSTS, Duration.ofHours(1));
        pass(Duration.ofMinutes(64));
        assertThat(liveness.answer().good()).isTrue();
        pass(Duration.ofMinutes(2));
        assertThat(liveness.answer().good()).isFalse();
    }

    @Test
    void askingTheGroupInVainIsAStep() {
        liveness.lane(lane(Phase.STANDING_BACK));
        for (int i = 0; i < 20; i++) {
            pass(Duration.ofMinutes(4));
            liveness.unconfirmed(0);
            assertThat(liveness.answer().good()).isTrue();
        }
    }

    @Test
    void aLaneThatWasGivenUpOwesNoSteps() {
        liveness.lane(lane(Phase.RUNNING));
        liveness.lane(lane(Phase.CLOSED));
        pass(Duration.ofDays(1));
        assertThat(liveness.answer().good()).isTrue();
    }

    @Test
    void aLaneWhoseSplitsWereAllRefusedOwesNoSteps() {
        liveness.lane(lane(Phase.OPENING));
        liveness.windowFailed(COSTS, Reason.SETTINGS_CHANGED, "'group-by' was another");
        liveness.lane(new LaneStatus(0, Phase.RUNNING, 0, now, Optional.empty(), 0, ""));
        pass(Duration.ofDays(1));
        assertThat(liveness.answer().good()).isTrue();
    }

    @Test
    void aBlockedEventLoopIsDead() {
        Pulse pulse = new Pulse(clock, liveness, late -> {});
        liveness.tick(pulse, now);
        pass(Duration.ofSeconds(31));
        assertThat(liveness.answer().because()).singleElement().asString().contains("event loop");
        liveness.tick(pulse, now);
        assertThat(liveness.answer().good()).isTrue();
    }

    @Test
    void readinessEndsWhenKafkaIsSilent() {
        Readiness readiness = new Readiness(clock);
        readiness.prepared();
        pass(Readiness.LATELY);
        assertThat(readiness.answer().good()).isTrue();
        pass(Duration.ofSeconds(1));
        assertThat(readiness.answer().because()).containsExactly("Kafka did not answer for 60 s");
        readiness.kafkaAnswered();
        assertThat(readiness.answer().good()).isTrue();
    }

    private void pass(Duration time) {
        now = now.plus(time);
    }

    private LaneStatus lane(Phase phase) {
        return new LaneStatus(0, phase, 1, now, Optional.empty(), 0, "");
    }
}
