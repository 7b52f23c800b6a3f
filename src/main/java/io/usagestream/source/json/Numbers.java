package io.usagestream.source.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.usagestream.stream.Measure;
import io.usagestream.stream.Reason;
import java.io.IOException;
import java.math.BigDecimal;

/**
 * Exact numbers out of JSON: never through a double, and never expanded before scale and precision are known to be sane
 * ({@code 1e1000000000} costs nothing, {@code 0E-6176} is zero).
 */
public final class Numbers {
    /** Characters that a number may have. */
    public static final int MAX_LENGTH = 100;

    /** Decimals that a number other than zero may have. OpenAI's money has up to 36. */
    static final int MAX_SCALE = 100;

    private static final BigDecimal LONG_MAX = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final int LONG_DIGITS = 18;
    private static final int EXPONENT_DIGITS = 5;

    private Numbers() {}

    /** Whether the current token is a whole number of up to 18 digits: then the parser's long is all of it. */
    public static boolean isCount(JsonParser parser) throws IOException {
        return parser.currentToken() == JsonToken.VALUE_NUMBER_INT && parser.getTextLength() <= LONG_DIGITS;
    }

    /** The number that the current token is. */
    public static BigDecimal number(JsonParser parser, String field) throws IOException, Unreadable {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
            return isCount(parser)
                    ? BigDecimal.valueOf(parser.getLongValue())
                    : exact(parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength(), field);
        }
        if (token == JsonToken.VALUE_NULL) {
            throw new Unreadable(Reason.MISSING_FIELD, "/" + field, field + " is null");
        }
        throw new Unreadable(Reason.BAD_NUMBER, "/" + field, field + " is not a number");
    }

    /** The number that the current token is, or that its text says. */
    public static BigDecimal numberOrText(JsonParser parser, String field) throws IOException, Unreadable {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            return number(parser, field);
        }
        int length = parser.getTextLength();
        char[] chars = parser.getTextCharacters();
        int offset = parser.getTextOffset();
        if (!grammatical(chars, offset, Math.min(length, MAX_LENGTH + 1))) {
            throw new Unreadable(Reason.BAD_NUMBER, "/" + field, field + " is text that is no number");
        }
        return exact(chars, offset, length, field);
    }

    /** A number of things: integral, not negative, at most 2^63 − 1. */
    public static BigDecimal count(BigDecimal number, String field) throws Unreadable {
        if (number.signum() < 0) {
            throw new Unreadable(Reason.NEGATIVE_COUNT, "/" + field, field + " is negative");
        }
        if (number.scale() > 0 && number.stripTrailingZeros().scale() > 0) {
            throw new Unreadable(Reason.NOT_INTEGRAL, "/" + field, field + " is not a whole number");
        }
        if (number.compareTo(LONG_MAX) > 0) {
            throw new Unreadable(Reason.OVERFLOW, "/" + field, field + " is greater than 2^63 - 1");
        }
        return number;
    }

    private static BigDecimal exact(char[] chars, int offset, int length, String field) throws Unreadable {
        if (length > MAX_LENGTH) {
            throw new Unreadable(
                    Reason.BAD_NUMBER, "/" + field, field + " has more than " + MAX_LENGTH + " characters");
        }
        int exponent = exponent(chars, offset, length);
        if (zero(chars, offset, exponent)) {
            return BigDecimal.ZERO;
        }
        if (exponent < offset + length && exponentDigits(chars, exponent + 1, offset + length) > EXPONENT_DIGITS) {
            throw new Unreadable(Reason.BAD_NUMBER, "/" + field, field + " has an absurd exponent");
        }
        BigDecimal number = new BigDecimal(chars, offset, length);
        if (!Measure.fits(number)) {
            boolean plain = exponent == offset + length;
            throw new Unreadable(
                    plain ? Reason.OVERFLOW : Reason.BAD_NUMBER,
                    "/" + field,
                    field + " has more than " + Measure.INTEGER_DIGITS + " digits before the point");
        }
        if (number.scale() > MAX_SCALE && number.stripTrailingZeros().scale() > MAX_SCALE) {
            throw new Unreadable(Reason.BAD_NUMBER, "/" + field, field + " has more than " + MAX_SCALE + " decimals");
        }
        return number;
    }

    /** Where the letter of the exponent stands, or the end. */
    private static int exponent(char[] chars, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (chars[i] == 'e' || chars[i] == 'E') {
                return i;
            }
        }
        return offset + length;
    }

    private static boolean zero(char[] chars, int from, int to) {
        for (int i = from; i < to; i++) {
            if (chars[i] >= '1' && chars[i] <= '9') {
                return false;
            }
        }
        return true;
    }

    /** Digits of the exponent, leading zeros left out. */
    private static int exponentDigits(char[] chars, int from, int to) {
        int i = from;
        while (i < to && (chars[i] == '-' || chars[i] == '+' || chars[i] == '0')) {
            i++;
        }
        return to - i;
    }

    /** {@code -?\d+(\.\d+)?([eE][-+]?\d+)?}, ASCII digits only. */
    private static boolean grammatical(char[] chars, int offset, int length) {
        int end = offset + length;
        int i = offset < end && chars[offset] == '-' ? offset + 1 : offset;
        int digits = digits(chars, i, end);
        if (digits == i) {
            return false;
        }
        i = digits;
        if (i < end && chars[i] == '.') {
            digits = digits(chars, i + 1, end);
            if (digits == i + 1) {
                return false;
            }
            i = digits;
        }
        if (i < end && (chars[i] == 'e' || chars[i] == 'E')) {
            i++;
            if (i < end && (chars[i] == '-' || chars[i] == '+')) {
                i++;
            }
            digits = digits(chars, i, end);
            if (digits == i) {
                return false;
            }
            i = digits;
        }
        return i == end;
    }

    private static int digits(char[] chars, int from, int end) {
        int i = from;
        while (i < end && chars[i] >= '0' && chars[i] <= '9') {
            i++;
        }
        return i;
    }
}
