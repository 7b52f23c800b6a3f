package io.usagestream.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.stream.Measure;
import io.usagestream.stream.Measures;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A sum of counts, of fractions and of both is exact, beyond a long too. */
class SumTest {
    @Test
    void aSumIsWhatDecimalsAddUpTo() {
        Random random = new Random(2);
        for (int round = 0; round < 300; round++) {
            Sum sum = new Sum();
            BigDecimal expected = BigDecimal.ZERO;
            for (int n = 0; n < 40; n++) {
                int scale = random.nextBoolean() ? 0 : random.nextInt(19);
                BigDecimal number = new BigDecimal(new BigInteger(1 + random.nextInt(66), random), scale);
                BigDecimal signed = random.nextInt(3) == 0 ? number.negate() : number;
                add(sum, signed);
                expected = expected.add(signed);
            }
            assertThat(sum.exact()).isEqualByComparingTo(expected);
        }
    }

    @Test
    void countsMayAddUpToMoreThanALong() {
        Sum sum = new Sum();
        BigDecimal most = new BigDecimal("999999999999999999");
        for (int n = 0; n < 30; n++) {
            add(sum, most);
        }
        assertThat(sum.exact()).isEqualTo(most.multiply(BigDecimal.valueOf(30)));
    }

    private static void add(Sum sum, BigDecimal number) {
        sum.add(Measures.of("n", new Measure(number, "tokens", Optional.empty())), 0);
    }
}
