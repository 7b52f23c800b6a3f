package io.usagestream.envelope;

import io.usagestream.stream.Measure;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import org.apache.avro.io.Encoder;

/** Writes numbers as Avro decimals of scale 18: the unscaled number, big-endian two's complement, as few bytes as hold it. */
final class Decimals {
    private static final long[] POWERS = powers();

    private Decimals() {}

    /**
     * Writes a number exactly.
     *
     * @param scratch 16 bytes that may be overwritten
     * @throws ArithmeticException when it has more than 18 decimals: nothing is rounded here
     */
    static void write(BigDecimal number, byte[] scratch, Encoder out) throws IOException {
        int up = Measure.SCALE - number.scale();
        // Nearly every number fits a long; scaling it up in 128 bits spares two big integers a number.
        if (up >= 0 && up < POWERS.length && Measure.isNarrow(number)) {
            writeProduct(Measure.unscaled(number), POWERS[up], scratch, out);
        } else {
            out.writeBytes(bytes(number));
        }
    }

    /** Writes a whole number of up to 18 digits. */
    static void write(long count, byte[] scratch, Encoder out) throws IOException {
        writeProduct(count, POWERS[Measure.SCALE], scratch, out);
    }

    /**
     * The bytes that a number is, however many digits it has.
     *
     * @throws ArithmeticException when it has more than 18 decimals
     */
    static ByteBuffer bytes(BigDecimal number) {
        return ByteBuffer.wrap(number.setScale(Measure.SCALE, RoundingMode.UNNECESSARY)
                .unscaledValue()
                .toByteArray());
    }

    /** The number that those bytes are. */
    static BigDecimal read(ByteBuffer bytes) {
        byte[] unscaled = new byte[bytes.remaining()];
        bytes.get(unscaled);
        return new BigDecimal(new BigInteger(unscaled), Measure.SCALE);
    }

    private static void writeProduct(long number, long power, byte[] scratch, Encoder out) throws IOException {
        long high = Math.multiplyHigh(number, power);
        long low = number * power;
        for (int i = 0; i < 8; i++) {
            scratch[i] = (byte) (high >> (56 - 8 * i));
            scratch[8 + i] = (byte) (low >> (56 - 8 * i));
        }
        int start = 0;
        while (start < 15 && scratch[start] == (byte) (scratch[start + 1] >> 7)) { // the next byte's sign says the same
            start++;
        }
        out.writeBytes(scratch, start, 16 - start);
    }

    private static long[] powers() {
        long[] powers = new long[Measure.SCALE + 1];
        powers[0] = 1;
        for (int i = 1; i < powers.length; i++) {
            powers[i] = 10 * powers[i - 1];
        }
        return powers;
    }
}
