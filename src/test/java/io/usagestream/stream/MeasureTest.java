package io.usagestream.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The normal form of numbers, whatever way leads to it. */
class MeasureTest {
    private static final int MOST_DIGITS = Measure.INTEGER_DIGITS + Measure.SCALE;

    @Test
    void the_normal_form_has_no_trailing_zeros_and_no_exponent() {
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            int digits = 1 + random.nextInt(MOST_DIGITS);
            BigInteger most = BigInteger.TEN.pow(digits);
            BigInteger unscaled = new BigInteger(digits * 4, random).mod(most);
            int zeros = random.nextInt(digits);
            unscaled = unscaled.subtract(unscaled.mod(BigInteger.TEN.pow(zeros)));
            BigDecimal number =
                    new BigDecimal(random.nextBoolean() ? unscaled : unscaled.negate(), random.nextInt(22) - 2);
            BigDecimal stripped = number.stripTrailingZeros();
            BigDecimal expected =
                    number.signum() == 0 ? BigDecimal.ZERO : stripped.setScale(Math.max(0, stripped.scale()));
            // equal in scale, too
            assertThat(Measure.plain(number)).as("%s", number).isEqualTo(expected);
        }
    }

    @Test
    void a_count_comes_back_from_eighteen_decimals_as_it_was() {
        for (String count : new String[] {"7", "1000000", "123456789012", "99999999999999999999", "-40"}) {
            BigDecimal written = new BigDecimal(count).setScale(Measure.SCALE);
            assertThat(Measure.plain(written)).isEqualTo(new BigDecimal(count));
        }
    }
}
