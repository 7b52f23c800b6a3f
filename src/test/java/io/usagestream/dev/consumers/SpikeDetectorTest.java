package io.usagestream.dev.consumers;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.dev.consumers.anomaly.Alert;
import io.usagestream.dev.consumers.anomaly.SpikeDetector;
import io.usagestream.query.Rows;
import io.usagestream.stream.Grain;
import io.usagestream.stream.Publication.PointRevision;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SpikeDetectorTest {
    private static final Instant BEGIN = Instant.parse("2026-11-19T08:00:00Z");
    private static final Duration POLL = Duration.ofSeconds(30);

    private final Rows rows = new Rows();
    private final SpikeDetector detector = new SpikeDetector();

    private PointRevision requests(int minute, String user, long count, Instant observed, boolean restated) {
        PointRevision row = rows.row(
                Rows.COMPLETIONS,
                BEGIN.plus(Duration.ofMinutes(minute)).toString(),
                Grain.MINUTE,
                "model=m&user_id=" + user,
                "num_model_requests=" + count + " requests");
        return new PointRevision(
                row.split(),
                row.key(),
                row.revision(),
                row.start(),
                row.grain(),
                row.dimensions(),
                row.measures(),
                row.deltas(),
                row.finality(),
                restated,
                row.retracted(),
                observed);
    }

    private static Instant at(int minute) {
        return BEGIN.plus(Duration.ofMinutes(minute));
    }

    /** An hour of ordinary traffic, every bucket seen half full and then full. */
    private List<Alert> ordinary(Random random) {
        List<Alert> alerts = new ArrayList<>();
        for (int minute = 0; minute < 60; minute++) {
            long count = 80L + random.nextInt(60);
            alerts.addAll(
                    detector.add(requests(minute, "u", count / 2, at(minute).plus(POLL), false)));
            alerts.addAll(
                    detector.add(requests(minute, "u", count, at(minute + 1).plus(POLL), false)));
        }
        return alerts;
    }

    @Test
    void aPlantedSpikeIsFoundAtTheFirstPollThatShowsItAndOnce() {
        assertThat(ordinary(new Random(1))).isEmpty();

        List<Alert> first = detector.add(requests(60, "u", 900, at(60).plus(POLL), false));
        List<Alert> second = detector.add(requests(60, "u", 1900, at(61).plus(POLL), false));

        assertThat(first).singleElement().satisfies(alert -> {
            assertThat(alert.series()).isEqualTo("acme/completions num_model_requests model=m");
            assertThat(alert.value()).isEqualByComparingTo("900");
        });
        assertThat(second).isEmpty();
    }

    @Test
    void aSpikeThatIsSpreadOverManyRowsIsFound() {
        assertThat(ordinary(new Random(2))).isEmpty();
        List<Alert> alerts = new ArrayList<>();
        for (int user = 0; user < 20; user++) {
            alerts.addAll(detector.add(requests(60, "user-" + user, 100, at(60).plus(POLL), false)));
        }

        assertThat(alerts).hasSize(1);
    }

    @Test
    void restatementsLateRowsAndRetractionsOfThePastRaiseNoAlarm() {
        for (long seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            assertThat(ordinary(random)).isEmpty();
            List<Alert> alerts = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                int minute = random.nextInt(40);
                alerts.addAll(detector.add(requests(minute, "u", random.nextInt(5000), at(60), false)));
                alerts.addAll(detector.add(requests(random.nextInt(60), "late-" + i, 3000, at(60 * 48), true)));
            }
            assertThat(alerts).as("seed %d", seed).isEmpty();
        }
    }

    @Test
    void aRevisionReplacesItsPredecessorInsteadOfAddingToIt() {
        assertThat(ordinary(new Random(3))).isEmpty();

        List<Alert> alerts = new ArrayList<>();
        for (int poll = 0; poll < 10; poll++) {
            alerts.addAll(detector.add(requests(60, "u", 100 + poll, at(60).plusSeconds(poll), false)));
        }

        assertThat(alerts).isEmpty();
    }

    @Test
    void withoutHistoryNothingIsUnusual() {
        assertThat(detector.add(requests(0, "u", 1_000_000, at(0), false))).isEmpty();
    }

    @Test
    void bucketsThatUpstreamLeavesOutCountAsNothing() {
        detector.add(requests(0, "u", 100, at(0).plus(POLL), false));
        detector.add(requests(30, "u", 100, at(30).plus(POLL), false));

        assertThat(detector.add(requests(60, "u", 900, at(60).plus(POLL), false)))
                .as("two of sixty minutes do not say what is usual")
                .isEmpty();
    }

    @Test
    void historyThatIsReadAtOnceRaisesNoAlarm() {
        List<Alert> alerts = new ArrayList<>();
        for (int minute = 0; minute < 60; minute++) {
            alerts.addAll(detector.add(requests(minute, "u", minute == 30 ? 5000 : 100, at(60 * 24), false)));
        }

        assertThat(alerts).isEmpty();
    }
}
