package io.usagestream.dev.consumers;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.dev.consumers.anomaly.Alert;
import io.usagestream.dev.consumers.anomaly.SpikeDetector;
import io.usagestream.query.Rows;
import io.usagestream.stream.Grain;
import io.usagestream.stream.Publication.PointRevision;
import io.usagestream.stream.Publication.Progress;
import io.usagestream.stream.Split;
import io.usagestream.stream.SplitState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SpikeDetectorTest {
    private static final Instant BEGIN = Instant.parse("2026-11-19T08:00:00Z");
    private static final Instant DAYS = Instant.parse("2026-10-01T00:00:00Z");
    private static final Duration POLL = Duration.ofSeconds(30);

    private final Rows rows = new Rows();
    private final SpikeDetector detector = new SpikeDetector();

    SpikeDetectorTest() {
        readUpTo(Rows.COMPLETIONS, at(60 * 24 * 30));
        readUpTo(Rows.COSTS, at(60 * 24 * 30));
    }

    private void readUpTo(Split split, Instant frontier) {
        detector.add(progress(split, frontier));
    }

    private static Progress progress(Split split, Instant frontier) {
        return new Progress(
                split,
                SplitState.RUNNING,
                Optional.empty(),
                frontier,
                BEGIN,
                Optional.empty(),
                Optional.empty(),
                Duration.ofHours(48),
                Optional.empty(),
                frontier);
    }

    private List<Alert> shown(PointRevision point) {
        detector.add(point);
        return detector.alerts();
    }

    private PointRevision requests(int minute, String user, long count, Instant observed, boolean restated) {
        PointRevision row = rows.row(
                Rows.COMPLETIONS,
                BEGIN.plus(Duration.ofMinutes(minute)).toString(),
                Grain.MINUTE,
                "model=m&user_id=" + user,
                "num_model_requests=" + count + " requests");
        return seen(row, observed, restated);
    }

    private PointRevision costs(int day, String amount, Instant observed) {
        Instant start = DAYS.plus(Duration.ofDays(day));
        return seen(
                rows.row(Rows.COSTS, start.toString(), Grain.DAY, "line_item=m", "amount=" + amount + " usd"),
                observed,
                false);
    }

    /** Hours after the day's end. */
    private static Instant after(int day, int hours) {
        return DAYS.plus(Duration.ofDays(day + 1)).plus(Duration.ofHours(hours));
    }

    private static PointRevision seen(PointRevision row, Instant observed, boolean restated) {
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
            alerts.addAll(shown(requests(minute, "u", count / 2, at(minute).plus(POLL), false)));
            alerts.addAll(shown(requests(minute, "u", count, at(minute + 1).plus(POLL), false)));
        }
        return alerts;
    }

    @Test
    void aPlantedSpikeIsFoundAtTheFirstPollThatShowsItAndOnce() {
        assertThat(ordinary(new Random(1))).isEmpty();

        List<Alert> first = shown(requests(60, "u", 900, at(60).plus(POLL), false));
        List<Alert> second = shown(requests(60, "u", 1900, at(61).plus(POLL), false));

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
            alerts.addAll(shown(requests(60, "user-" + user, 100, at(60).plus(POLL), false)));
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
                alerts.addAll(shown(requests(minute, "u", random.nextInt(5000), at(60), false)));
                alerts.addAll(shown(requests(random.nextInt(60), "late-" + i, 3000, at(60 * 48), true)));
            }
            assertThat(alerts).as("seed %d", seed).isEmpty();
        }
    }

    @Test
    void aRevisionReplacesItsPredecessorInsteadOfAddingToIt() {
        assertThat(ordinary(new Random(3))).isEmpty();

        List<Alert> alerts = new ArrayList<>();
        for (int poll = 0; poll < 10; poll++) {
            alerts.addAll(shown(requests(60, "u", 100 + poll, at(60).plusSeconds(poll), false)));
        }

        assertThat(alerts).isEmpty();
    }

    @Test
    void withoutHistoryNothingIsUnusual() {
        assertThat(shown(requests(0, "u", 1_000_000, at(0), false))).isEmpty();
    }

    @Test
    void bucketsThatUpstreamLeavesOutCountAsNothing() {
        detector.add(requests(0, "u", 100, at(0).plus(POLL), false));
        detector.add(requests(30, "u", 100, at(30).plus(POLL), false));

        assertThat(shown(requests(60, "u", 900, at(60).plus(POLL), false)))
                .as("two of sixty minutes do not say what is usual")
                .isEmpty();
    }

    @Test
    void historyThatIsReadAtOnceRaisesNoAlarm() {
        List<Alert> alerts = new ArrayList<>();
        for (int minute = 0; minute < 60; minute++) {
            alerts.addAll(shown(requests(minute, "u", minute == 30 ? 5000 : 100, at(60 * 24), false)));
        }

        assertThat(alerts).isEmpty();
    }

    @Test
    void aDayOfCostsThatUpstreamShowsOnTheNextDayIsJudged() {
        List<Alert> alerts = new ArrayList<>();
        for (int day = 0; day < 20; day++) {
            alerts.addAll(shown(costs(day, day % 7 < 2 ? "4.10" : "10.35", after(day, 5))));
        }
        assertThat(alerts).isEmpty();

        assertThat(shown(costs(20, "12", after(20, 3))))
                .as("half of a day is no spike")
                .isEmpty();
        assertThat(shown(costs(20, "80", after(20, 6)))).singleElement().satisfies(alert -> {
            assertThat(alert.bucket()).isEqualTo(DAYS.plus(Duration.ofDays(20)));
            assertThat(alert.value()).isEqualByComparingTo("80");
        });
        assertThat(shown(costs(20, "90", after(20, 7)))).isEmpty();
        assertThat(shown(costs(19, "90", after(19, 25)))).as("a day later").isEmpty();
    }

    /** The hot end is published first, then history from its beginning: a month in which there was less. */
    @Test
    void whatIsNewWaitsForTheHistoryBeforeIt() {
        readUpTo(Rows.COSTS, DAYS);
        assertThat(shown(costs(31, "100", after(30, 12)))).isEmpty();
        for (int day = 0; day < 15; day++) {
            assertThat(shown(costs(day, "5", after(30, 12)))).isEmpty();
        }
        assertThat(shown(costs(31, "101", after(30, 13)))).isEmpty();
        for (int day = 15; day < 31; day++) {
            assertThat(shown(costs(day, "100", after(30, 12)))).isEmpty();
        }
        readUpTo(Rows.COSTS, DAYS.plus(Duration.ofDays(31)));
        assertThat(detector.alerts()).isEmpty();
        assertThat(shown(costs(31, "301", after(30, 14)))).hasSize(1);
    }

    @Test
    void theSameIsFoundInWhateverOrderThePartitionsCome() {
        List<PointRevision> points = new ArrayList<>();
        for (int minute = 0; minute < 61; minute++) {
            points.add(requests(minute, "u", minute == 60 ? 900 : 100, at(minute + 1), false));
        }
        for (long seed = 0; seed < 50; seed++) {
            SpikeDetector restarted = new SpikeDetector();
            Collections.shuffle(points, new Random(seed));
            points.forEach(restarted::add);
            assertThat(restarted.alerts()).as("not read, as far as is known").isEmpty();
            restarted.add(progress(Rows.COMPLETIONS, at(61)));
            assertThat(restarted.alerts())
                    .as("seed %d", seed)
                    .singleElement()
                    .satisfies(alert -> assertThat(alert.bucket()).isEqualTo(at(60)));
        }
    }

    @Test
    void whatIsTakenBackAndSaidOfAnotherRowCountsOnce() {
        assertThat(ordinary(new Random(4))).isEmpty();
        PointRevision unknown = requests(60, "unknown", 250, at(60).plus(POLL), false);
        detector.add(unknown);
        detector.add(rows.gone(unknown));
        detector.add(requests(60, "known", 250, at(61), false));
        assertThat(detector.alerts()).isEmpty();
    }
}
