package io.usagestream.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.avro.Conversions;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;

class DecimalsTest {
    private static final Schema DECIMAL = LogicalTypes.decimal(38, 18).addToSchema(Schema.create(Schema.Type.BYTES));

    private static ByteBuffer written(BigDecimal number) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder out = EncoderFactory.get().directBinaryEncoder(bytes, null);
        Decimals.write(number, new byte[16], out);
        return DecoderFactory.get().binaryDecoder(bytes.toByteArray(), null).readBytes(null);
    }

    /** Avro's own conversion is the judge. */
    private static void requireEqual(BigDecimal number) throws IOException {
        ByteBuffer expected =
                new Conversions.DecimalConversion().toBytes(number.setScale(18), DECIMAL, LogicalTypes.decimal(38, 18));
        assertThat(written(number)).as(number.toString()).isEqualTo(expected);
    }

    @Test
    void numbers_are_written_as_avro_writes_them() throws IOException {
        for (String number : Stream.of(
                        "0",
                        "1",
                        "-1",
                        "0.000000000000000001",
                        "-0.000000000000000001",
                        "127",
                        "128",
                        "-128",
                        "-129",
                        "255.5",
                        "9223372036854775807",
                        "-9223372036854775808",
                        "9223372036854775808",
                        "1E+3",
                        "99999999999999999999.999999999999999999",
                        "-99999999999999999999.999999999999999999",
                        "0.000000000000000127",
                        "0.000000000000000128",
                        "-0.000000000000000128",
                        "-0.000000000000000129")
                .toList()) {
            requireEqual(new BigDecimal(number));
        }
        Random random = new Random(42);
        for (int i = 0; i < 100_000; i++) {
            int scale = random.nextInt(19);
            requireEqual(new BigDecimal(new BigInteger(random.nextInt(66), random), scale)
                    .multiply(BigDecimal.valueOf(random.nextBoolean() ? 1 : -1)));
        }
    }

    @Test
    void nothing_is_rounded_silently() {
        assertThatThrownBy(() -> written(new BigDecimal("0.0000000000000000001")))
                .isInstanceOf(ArithmeticException.class);
    }
}
