package io.usagestream.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MeasuresTest {
    private static final String[] NAMES = {"amount", "input_tokens", "a", "ab", "num_model_requests", "zz", "quantity"};
    private static final String[] UNITS = {"tokens", "usd", "requests"};
    private static final String[] NUMBERS = {
        "0",
        "1",
        "-7",
        "999999999999999999",
        "-999999999999999999",
        "1000000000000000000",
        "-1000000000000000000",
        "9223372036854775807",
        "-9223372036854775808",
        "99999999999999999999",
        "0.5",
        "-0.000000000000000001",
        "0.1234567890123456781"
    };

    private final Random random = new Random(20261122);

    @Test
    void areWhatATreeOfTheSameMeasuresIs() {
        Measures.Builder builder = new Measures.Builder();
        for (int round = 0; round < 3_000; round++) {
            TreeMap<String, Measure> tree = new TreeMap<>();
            builder.begin();
            for (int i = random.nextInt(20); i > 0; i--) {
                String name = NAMES[random.nextInt(NAMES.length)] + random.nextInt(3);
                String unit = UNITS[random.nextInt(UNITS.length)];
                BigDecimal number = new BigDecimal(NUMBERS[random.nextInt(NUMBERS.length)]);
                Measure measure = Measure.of(number, unit);
                tree.put(name, measure);
                if (number.scale() == 0 && number.precision() < 20 && random.nextBoolean()) {
                    builder.put(name, unit, number.longValueExact());
                } else {
                    builder.put(name, measure);
                }
                assertThat(builder.contains(name)).isTrue();
            }
            Measures measures = builder.build();

            assertThat(builder.size()).isEqualTo(tree.size());
            assertThat(measures).isEqualTo(tree).hasSameHashCodeAs(tree).containsExactlyEntriesOf(tree);
            assertThat(tree).isEqualTo(measures);
            assertThat(measures).isEqualTo(Measures.of(tree));
            assertThat(measures.allZero()).isEqualTo(tree.values().stream().allMatch(Measure::isZero));
            for (int n = 0; n < measures.size(); n++) {
                Measure measure = Objects.requireNonNull(tree.get(measures.name(n)));
                assertThat(measures.value(n)).isEqualTo(measure);
                assertThat(measures.unit(n)).isEqualTo(measure.unit());
                assertThat(measures.exact(n)).isEqualTo(measure.exact());
                if (measures.isCount(n)) {
                    assertThat(BigDecimal.valueOf(measures.count(n))).isEqualTo(measure.value());
                }
            }
        }
    }

    @Test
    void twoDifferWhereOneMeasureDiffers() {
        Measures all = Measures.of(new TreeMap<>(
                Map.of("amount", Measure.of(new BigDecimal("0.5"), "usd"), "input_tokens", Measure.of(7, "tokens"))));
        assertThat(all)
                .isNotEqualTo(all.map((name, m) -> Measure.of(m.value().add(BigDecimal.ONE), m.unit())))
                .isNotEqualTo(all.map((name, m) -> Measure.of(m.value(), m.unit() + "s")))
                .isNotEqualTo(
                        all.map((name, m) -> m.unit().equals("usd") ? Measure.of(new BigDecimal("0.6"), "usd") : m))
                .isNotEqualTo(all.map((name, m) -> m.unit().equals("usd") ? Measure.of(0, "usd") : m))
                .isEqualTo(all.map((name, m) -> m));
    }

    @Test
    void numbersOfUpTo18DigitsAreCounts() {
        assertThat(Measures.of("n", Measure.of(999_999_999_999_999_999L, "tokens"))
                        .isCount(0))
                .isTrue();
        assertThat(Measures.of("n", Measure.of(1_000_000_000_000_000_000L, "tokens"))
                        .isCount(0))
                .isFalse();
        assertThat(Measures.of("n", Measure.of(new BigDecimal("0.5"), "tokens")).isCount(0))
                .isFalse();
    }

    @Test
    void aNumberIsTheSameTextAsCountAndAsDecimal() {
        for (String number : NUMBERS) {
            Measure measure = Measure.of(new BigDecimal(number), "tokens");
            assertThat(DigestText.begin().number(Measures.of("n", measure), 0).digest())
                    .isEqualTo(Digest.of(measure.value().toPlainString()));
        }
    }

    @Test
    void whatIsBuiltLaterChangesNothingThatWasBuiltBefore() {
        Measures.Builder builder = new Measures.Builder();
        builder.put("b", "tokens", 1);
        Measures first = builder.build();
        builder.put("a", "tokens", 2);
        builder.put("b", "usd", 3);

        assertThat(first).containsExactly(Map.entry("b", Measure.of(1, "tokens")));
        assertThat(builder.build().keySet()).containsExactly("a", "b");
        assertThatThrownBy(() -> first.put("c", Measure.of(1, "tokens")))
                .isInstanceOf(UnsupportedOperationException.class);
    }
}
