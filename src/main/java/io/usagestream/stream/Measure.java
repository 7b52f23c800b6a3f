package io.usagestream.stream;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Optional;

/**
 * One number of a row, with its unit.
 *
 * @param value exact to 18 decimals, without trailing zeros; at most 20 digits before the point
 * @param unit {@code tokens}, {@code requests}, {@code usd}, {@code cu} … or {@code unknown}
 * @param exact the exact plain text, present only when {@code value} is rounded
 */
public record Measure(BigDecimal value, String unit, Optional<String> exact) {
    /** Decimals that a value keeps; finer ones are rounded half-even. */
    public static final int SCALE = 18;

    /** Digits that a value may have before the point, so that 38 digits hold it. */
    public static final int INTEGER_DIGITS = 20;

    private static final int LONG_DIGITS = 18;

    /**
     * The measure of an exact number.
     *
     * @throws ArithmeticException when the number has more than {@link #INTEGER_DIGITS} digits before the point
     */
    public static Measure of(BigDecimal number, String unit) {
        BigDecimal exact = plain(number);
        if (!fits(exact)) {
            throw new ArithmeticException("more than " + INTEGER_DIGITS + " digits before the point");
        }
        return exact.scale() <= SCALE
                ? new Measure(exact, unit, Optional.empty())
                : new Measure(plain(rounded(exact)), unit, Optional.of(exact.toPlainString()));
    }

    /** Whether a number, rounded to {@link #SCALE} decimals if it has more, has at most {@link #INTEGER_DIGITS} digits before the point. */
    public static boolean fits(BigDecimal number) {
        int digits = integerDigits(number);
        boolean mayGrow = digits == INTEGER_DIGITS && number.scale() > SCALE; // only then is it worth rounding
        return mayGrow ? integerDigits(rounded(number)) <= INTEGER_DIGITS : digits <= INTEGER_DIGITS;
    }

    private static int integerDigits(BigDecimal number) {
        return number.precision() - number.scale();
    }

    private static BigDecimal rounded(BigDecimal number) {
        return number.setScale(SCALE, RoundingMode.HALF_EVEN);
    }

    public static Measure of(long number, String unit) {
        return of(BigDecimal.valueOf(number), unit);
    }

    /** The same number in its one normal form: no trailing zeros, no negative scale, zero is {@code 0} whatever its exponent was. */
    public static BigDecimal plain(BigDecimal number) {
        if (number.signum() == 0) {
            return BigDecimal.ZERO;
        }
        if (number.scale() == 0) {
            return number; // counts: stripping their zeros only to put them back costs a division each
        }
        if (number.scale() > 0 && number.scale() <= LONG_DIGITS && !isNarrow(number)) {
            return plainWide(number);
        }
        BigDecimal stripped = number.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }

    /** Records carry 18 decimals, so a count is a wide number there: to strip its zeros one by one is a long division each. */
    private static BigDecimal plainWide(BigDecimal number) {
        BigInteger[] parts = number.unscaledValue().divideAndRemainder(BigInteger.TEN.pow(number.scale()));
        long decimals = parts[1].longValue();
        if (decimals == 0) {
            return new BigDecimal(parts[0]);
        }
        int zeros = 0;
        while (decimals % 10 == 0) {
            decimals /= 10;
            zeros++;
        }
        return zeros == 0 ? number : number.setScale(number.scale() - zeros, RoundingMode.UNNECESSARY);
    }

    /** Whether a number's digits certainly fit a long. */
    public static boolean isNarrow(BigDecimal number) {
        return number.precision() <= LONG_DIGITS;
    }

    /** The unscaled value of a {@link #isNarrow narrow} number, without the big integer that it would come in. */
    public static long unscaled(BigDecimal narrow) {
        return (narrow.scale() == 0 ? narrow : narrow.scaleByPowerOfTen(narrow.scale())).longValue();
    }

    public boolean isZero() {
        return value.signum() == 0;
    }
}
