package io.usagestream.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.dedup.SeenRow;
import io.usagestream.stream.Digest;
import io.usagestream.stream.Measure;
import io.usagestream.stream.Measures;
import io.usagestream.stream.Publication.Period;
import io.usagestream.stream.Split;
import io.usagestream.stream.Utf8;
import io.usagestream.stream.Window;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A period says the same however the rows of its day came to it. */
class PeriodFoldTest {
    private static final LocalDate DAY = LocalDate.of(2026, 11, 19);
    private static final Split SPLIT = new Split("openai", "acme", "completions");

    private final Random random = new Random(20261122);

    @Test
    void ofEveryKeyTheLastRevisionCountsInWhateverOrderRowsCome() {
        for (int round = 0; round < 200; round++) {
            TreeMap<String, SeenRow> last = new TreeMap<>();
            List<SeenRow> older = new ArrayList<>();
            for (int i = random.nextInt(30); i > 0; i--) {
                String id = "id-" + random.nextInt(10);
                SeenRow before = last.get(id);
                last.put(id, row(id, before == null ? 1 : before.revision() + 1));
                if (before != null) {
                    older.add(before);
                }
            }
            Period expected = expected(last);
            List<SeenRow> newest = new ArrayList<>(last.values());
            List<SeenRow> all = new ArrayList<>(older);
            all.addAll(newest);
            Collections.shuffle(all, random);

            PeriodFold one = fold();
            all.forEach(one::add);
            PeriodFold newestLast = fold();
            older.forEach(newestLast::add);
            newestLast.add(newest);
            PeriodFold newestFirst = fold();
            newestFirst.add(newest);
            older.forEach(newestFirst::add);
            PeriodFold inTwo = fold();
            int half = newest.size() / 2;
            inTwo.add(newest.subList(0, half));
            inTwo.add(newest.subList(half, newest.size()));

            for (PeriodFold fold : List.of(one, newestLast, newestFirst, inTwo)) {
                assertThat(fold.after(Optional.empty(), false, 0, Instant.EPOCH))
                        .contains(expected);
                assertThat(fold.after(Optional.of(PeriodFold.seal(expected)), false, 0, Instant.EPOCH))
                        .as("the same is not said twice")
                        .isEmpty();
            }
        }
    }

    @Test
    void aDayWhoseQuarantineChangedIsSaidAgainThoughItsRowsAreTheSame() {
        TreeMap<String, SeenRow> last = new TreeMap<>();
        for (int i = 0; i < 5; i++) {
            last.put("id-" + i, row("id-" + i, 1));
        }
        Seal seal = PeriodFold.seal(expected(last));
        PeriodFold fold = fold();
        last.values().forEach(fold::add);

        Period again = fold.after(Optional.of(seal), true, 3, Instant.EPOCH).orElseThrow();

        assertThat(again.revision()).isEqualTo(2);
        assertThat(again.quarantined()).isEqualTo(3);
        assertThat(again.deltas().values())
                .allSatisfy(delta -> assertThat(delta).isZero());
    }

    @Test
    void deltasTakeBackASumThatIsGone() {
        SortedMap<String, BigDecimal> before = new TreeMap<>();
        before.put("amount/usd", new BigDecimal("1.5"));
        before.put("amount/eur", new BigDecimal("4"));
        Measures values = Measures.of("amount", Measure.of(new BigDecimal("1.25"), "usd"));
        PeriodFold fold = fold();
        fold.add(new SeenRow(Digest.of("a"), Digest.of("a"), 2, false, Window.startOf(DAY), values, Utf8.of("a")));

        Period corrected = fold.after(
                        Optional.of(new Seal(SPLIT, DAY, 1, before, new Digest(0, 1))), false, 0, Instant.EPOCH)
                .orElseThrow();

        assertThat(corrected.deltas())
                .containsEntry("amount/usd", new BigDecimal("-0.25"))
                .containsEntry("amount/eur", new BigDecimal("-4"));
    }

    private static PeriodFold fold() {
        return new PeriodFold(SPLIT, DAY, SeenRow::text);
    }

    private SeenRow row(String id, int revision) {
        Measures.Builder values = new Measures.Builder();
        values.put("tokens", Measure.of(random.nextInt(1_000), "tokens"));
        if (random.nextBoolean()) {
            values.put("amount", Measure.of(BigDecimal.valueOf(random.nextInt(1_000), 2), "usd"));
        }
        boolean retracted = random.nextInt(4) == 0;
        Digest key = Digest.of(id);
        return new SeenRow(key, key, revision, retracted, Window.startOf(DAY), values.build(), Utf8.of(id));
    }

    /** By the plainest means: a tree of sums, a digest of text. */
    private static Period expected(TreeMap<String, SeenRow> last) {
        TreeMap<String, BigDecimal> sums = new TreeMap<>();
        Digest digest = new Digest(0, 0);
        int rows = 0;
        for (SeenRow row : last.values()) {
            if (!row.retracted()) {
                rows++;
                StringBuilder text = new StringBuilder(row.text().toString());
                row.values().forEach((name, m) -> {
                    sums.merge(name + "/" + m.unit(), m.value(), BigDecimal::add);
                    text.append('\n')
                            .append(name)
                            .append('=')
                            .append(m.value().toPlainString())
                            .append(' ')
                            .append(m.unit());
                });
                digest = digest.plus(Digest.of(text.toString()));
            }
        }
        sums.replaceAll((name, sum) -> Measure.plain(sum));
        return new Period(SPLIT, DAY, 1, rows, sums, sums, 0, digest, Instant.EPOCH);
    }
}
