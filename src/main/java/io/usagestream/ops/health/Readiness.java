package io.usagestream.ops.health;

import io.usagestream.ingest.LaneStatus;
import io.usagestream.ingest.LaneStatus.Phase;
import io.usagestream.ingest.Observer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Whether it is ready: the configuration is valid and the topics are verified, Kafka answered lately, and every lane that it was
 * given is restored. A source that upstream refuses does not make it unready: the others run.
 */
public final class Readiness implements Observer {
    /** Kafka that did not answer for so long is out of reach. */
    static final Duration LATELY = Duration.ofSeconds(60);

    private final InstantSource clock;
    private final Map<Integer, LaneStatus> lanes = new ConcurrentSkipListMap<>();
    private volatile Optional<String> obstacle = Optional.of("it is starting");
    private volatile Optional<Instant> kafkaAnswered = Optional.empty();

    public Readiness(InstantSource clock) {
        this.clock = clock;
    }

    /** It waits for something: a broker, a registry, the topics. */
    public void waitsFor(String what) {
        obstacle = Optional.of(what);
    }

    /** Configuration and topics are verified, and it joins the group. */
    public void prepared() {
        obstacle = Optional.empty();
        kafkaAnswered();
    }

    /** Kafka answered just now. */
    public void kafkaAnswered() {
        kafkaAnswered = Optional.of(clock.instant());
    }

    /** It ends: nothing is to be sent here any more. */
    public void stopping() {
        obstacle = Optional.of("it is stopping");
    }

    /** Whether it is ready now. */
    public ProbeAnswer answer() {
        List<String> because = new ArrayList<>();
        obstacle.ifPresent(because::add);
        boolean answered = kafkaAnswered
                .filter(at -> Duration.between(at, clock.instant()).compareTo(LATELY) <= 0)
                .isPresent();
        if (obstacle.isEmpty() && !answered) {
            because.add("Kafka did not answer for " + LATELY.toSeconds() + " s");
        }
        lanes.values().stream()
                .filter(lane -> lane.phase() != Phase.RUNNING)
                .map(Readiness::sentence)
                .forEach(because::add);
        return new ProbeAnswer(List.copyOf(because));
    }

    private static String sentence(LaneStatus lane) {
        String what = switch (lane.phase()) {
            case OPENING -> "is being restored";
            case STANDING_BACK -> "stands back and opens again soon";
            case REFUSED -> "needs a person";
            case RUNNING, CLOSED -> "is " + lane.phase();
        };
        return "lane " + lane.lane() + " " + what + (lane.message().isEmpty() ? "" : ": " + lane.message());
    }

    @Override
    public void lane(LaneStatus status) {
        if (status.phase() == Phase.CLOSED) {
            lanes.remove(status.lane());
        } else {
            lanes.put(status.lane(), status);
        }
    }

    @Override
    public void committed(int lane, List<io.usagestream.sink.Batch> batches, Duration took) {
        kafkaAnswered();
    }
}
