package io.usagestream.dev.consumers;

import static io.usagestream.stream.Grain.DAY;
import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.checkpoint.DayDigest;
import io.usagestream.dev.consumers.ledger.BillingLedger;
import io.usagestream.query.Rows;
import io.usagestream.stream.Digest;
import io.usagestream.stream.Publication;
import io.usagestream.stream.Publication.EventRevision;
import io.usagestream.stream.Publication.Period;
import io.usagestream.stream.Publication.PointRevision;
import io.usagestream.stream.Split;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class BillingLedgerTest {
    private static final LocalDate DATE = LocalDate.parse("2026-11-05");
    private static final String START = DATE + "T00:00:00Z";

    private final Rows rows = new Rows();
    private final BillingLedger ledger = new BillingLedger();

    private PointRevision cost(String project, String amount) {
        return rows.row(Rows.COSTS, START, DAY, "line_item=a&project_id=" + project, "amount=" + amount + " usd");
    }

    /** What the service says of the day when those are the last revisions of its rows. */
    private static Period period(Split split, int revision, long quarantined, PointRevision... last) {
        SortedMap<String, BigDecimal> sums = new TreeMap<>();
        Digest digest = new Digest(0, 0);
        int live = 0;
        for (PointRevision row : last) {
            if (!row.retracted()) {
                live++;
                row.measures()
                        .forEach((name, measure) ->
                                sums.merge(name + "/" + measure.unit(), measure.value(), BigDecimal::add));
                digest = digest.plus(DayDigest.of(row.key(), row.measures()));
            }
        }
        return new Period(
                split, DATE, revision, live, sums, sums, quarantined, digest, Instant.parse("2026-11-12T00:00:00Z"));
    }

    private List<String> posted() {
        return ledger.post().stream()
                .map(p -> p.project() + " " + p.amount().toPlainString() + " r" + p.periodRevision()
                        + (p.correction() == 0 ? "" : " correction " + p.correction()))
                .toList();
    }

    @Test
    void aDayIsBilledWhenItIsFinalAndNotBefore() {
        PointRevision first = cost("p1", "0.000000000000000001");
        PointRevision last = cost("p1", "10.5");
        ledger.add(first);
        ledger.add(last);
        assertThat(posted()).isEmpty();

        ledger.add(period(Rows.COSTS, 1, 0, last));

        assertThat(posted()).containsExactly("p1 10.5 r1");
        assertThat(posted()).isEmpty();
    }

    @Test
    void aPeriodThatArrivesBeforeItsRowsWaitsForThem() {
        PointRevision row = cost("p1", "10.5");
        ledger.add(period(Rows.COSTS, 1, 0, row));
        assertThat(posted()).isEmpty();
        assertThat(ledger.unverified()).hasSize(1);

        ledger.add(row);

        assertThat(posted()).containsExactly("p1 10.5 r1");
        assertThat(ledger.unverified()).isEmpty();
    }

    @Test
    void aLostRowShows() {
        PointRevision one = cost("p1", "1");
        PointRevision lost = cost("p2", "0");
        ledger.add(one);
        ledger.add(period(Rows.COSTS, 1, 0, one, lost));

        assertThat(posted()).isEmpty();
        assertThat(ledger.unverified()).hasSize(1);
    }

    @Test
    void aRestatedDayIsCorrectedByTheDifference() {
        PointRevision one = cost("p1", "10");
        PointRevision two = cost("p2", "7");
        ledger.add(one);
        ledger.add(two);
        ledger.add(period(Rows.COSTS, 1, 0, one, two));
        assertThat(posted()).containsExactly("p1 10 r1", "p2 7 r1");

        PointRevision restated = cost("p1", "9.25");
        PointRevision gone = rows.gone(two);
        ledger.add(restated);
        ledger.add(gone);
        assertThat(posted()).isEmpty();
        ledger.add(period(Rows.COSTS, 2, 0, restated, gone));

        assertThat(posted()).containsExactly("p1 -0.75 r2 correction 1", "p2 -7 r2 correction 1");
        assertThat(ledger.disagreeing()).isEmpty();
    }

    @Test
    void anOlderPeriodThatIsReadAgainTakesNothingBack() {
        PointRevision one = cost("p1", "10");
        PointRevision two = cost("p1", "12");
        ledger.add(one);
        ledger.add(two);
        ledger.add(period(Rows.COSTS, 2, 0, two));
        ledger.add(period(Rows.COSTS, 1, 0, one));

        assertThat(posted()).containsExactly("p1 12 r2");
        assertThat(ledger.unverified()).isEmpty();
    }

    @Test
    void aDayWithQuarantinedRowsIsNotBilled() {
        PointRevision row = cost("p1", "1");
        ledger.add(row);
        ledger.add(period(Rows.COSTS, 1, 2, row));

        assertThat(posted()).isEmpty();
        assertThat(ledger.totals())
                .singleElement()
                .satisfies(total -> assertThat(total.state()).isEqualTo("incomplete"));
    }

    @Test
    void aDayIsBilledOnceItsRowsAreUnderstoodAndCorrectedAfterThat() {
        PointRevision row = cost("p1", "1");
        ledger.add(row);
        ledger.add(period(Rows.COSTS, 1, 2, row));
        assertThat(posted()).isEmpty();

        PointRevision understood = cost("p2", "7");
        ledger.add(understood);
        ledger.add(period(Rows.COSTS, 2, 0, row, understood));
        assertThat(posted()).containsExactly("p1 1 r2", "p2 7 r2");

        PointRevision restated = cost("p2", "8");
        ledger.add(restated);
        ledger.add(period(Rows.COSTS, 3, 0, row, restated));
        assertThat(posted()).containsExactly("p2 1 r3 correction 1");
    }

    @Test
    void recordsThatAreReadAgainChangeNothing() {
        PointRevision first = cost("p1", "1");
        PointRevision second = cost("p1", "2");
        for (PointRevision row : List.of(first, second, first, second)) {
            ledger.add(row);
        }

        assertThat(ledger.totals())
                .singleElement()
                .satisfies(total -> assertThat(total.amount()).isEqualByComparingTo("2"));
        assertThat(ledger.disagreeing()).isEmpty();
    }

    @Test
    void anEventsCostMayComeLaterAndGoAgain() {
        EventRevision without = Rows.event(START, "p1", "u", 1, 1, "");
        EventRevision with = Rows.event(START, "p1", "u", 1, 2, "1.5");
        ledger.add(without);
        ledger.add(with);
        assertThat(ledger.totals())
                .singleElement()
                .satisfies(total -> assertThat(total.amount()).isEqualByComparingTo("1.5"));

        ledger.add(new EventRevision(with.split(), with.id(), 3, with.event(), true, with.observedAt()));

        assertThat(ledger.totals())
                .singleElement()
                .satisfies(total -> assertThat(total.amount()).isZero());
        assertThat(ledger.disagreeing()).isEmpty();
    }

    /** Whatever compaction removed, and in whatever order partitions are read: both ways come to the last values. */
    @Test
    void upsertsAndDeltasComeToTheLastValuesHoweverMuchWasCompacted() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            Rows made = new Rows();
            Map<String, List<PointRevision>> histories = new HashMap<>();
            Map<String, PointRevision> last = new HashMap<>();
            for (int step = 0; step < 60; step++) {
                String project = "p" + random.nextInt(5);
                PointRevision before = last.get(project);
                PointRevision next = before != null && !before.retracted() && random.nextInt(6) == 0
                        ? made.gone(before)
                        : made.row(
                                Rows.COSTS,
                                START,
                                DAY,
                                "project_id=" + project,
                                "amount=" + BigDecimal.valueOf(random.nextInt(1000) - 200, 2) + " usd");
                histories.computeIfAbsent(project, p -> new ArrayList<>()).add(next);
                last.put(project, next);
            }
            BillingLedger fold = new BillingLedger();
            List<List<PointRevision>> partitions = new ArrayList<>(histories.values());
            Collections.shuffle(partitions, random);
            for (List<PointRevision> history : partitions) {
                for (int i = 0; i < history.size(); i++) {
                    boolean compacted = i < history.size() - 1 && random.nextInt(3) == 0;
                    if (!compacted) {
                        fold.add((Publication) history.get(i));
                    }
                }
            }
            fold.add(period(Rows.COSTS, 1, 0, last.values().toArray(new PointRevision[0])));

            assertThat(fold.disagreeing()).as("seed %d", seed).isEmpty();
            assertThat(fold.unverified()).as("seed %d", seed).isEmpty();
        }
    }
}
