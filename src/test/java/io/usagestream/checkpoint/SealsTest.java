package io.usagestream.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.stream.Digest;
import io.usagestream.stream.Split;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SealsTest {
    private static final Split SPLIT = new Split("openai", "acme", "costs");
    private static final LocalDate DAY = LocalDate.parse("2026-11-19");

    private final Seals seals = new Seals(SPLIT);

    @Test
    void aSealReadsBackAsItWas() {
        Seal seal = new Seal(
                SPLIT,
                DAY,
                300,
                new TreeMap<>(Map.of(
                        "amount/usd", new BigDecimal("-1.25"),
                        "amount/eur", new BigDecimal("123456789012345678901234567890.000000000000000001"),
                        "input_tokens/tokens", BigDecimal.ZERO)),
                new Digest(-5, 6));
        seals.put(seal);
        seals.put(seal(1, 1));
        assertThat(seals.get(DAY)).contains(seal);
        assertThat(seals.get(DAY.plusDays(2))).isEmpty();
        assertThat(seals.get(LocalDate.EPOCH)).isEmpty();
    }

    @Test
    void itIsAMapByDay() {
        Random random = new Random(11);
        SortedMap<LocalDate, Seal> expected = new TreeMap<>();
        for (int i = 0; i < 5_000; i++) {
            int day = random.nextInt(70) - 35;
            if (random.nextInt(3) == 0) {
                seals.drop(DAY.plusDays(day));
                expected.remove(DAY.plusDays(day));
            } else {
                seals.put(seal(day, i));
                expected.put(DAY.plusDays(day), seal(day, i));
            }
            LocalDate somewhere = DAY.plusDays(random.nextInt(90) - 45);
            assertThat(seals.has(somewhere)).isEqualTo(expected.containsKey(somewhere));
            assertThat(seals.before(somewhere))
                    .containsExactlyElementsOf(expected.headMap(somewhere).keySet());
            assertThat(seals.isEmpty()).isEqualTo(expected.isEmpty());
        }
        expected.forEach((day, seal) -> assertThat(seals.get(day)).contains(seal));
        IntStream.range(-50, 50).forEach(day -> seals.drop(DAY.plusDays(day)));
        assertThat(seals.isEmpty()).isTrue();
    }

    private static Seal seal(int day, int revision) {
        return new Seal(
                SPLIT,
                DAY.plusDays(day),
                revision,
                new TreeMap<>(Map.of("amount/usd", BigDecimal.valueOf(revision))),
                new Digest(day, revision));
    }
}
