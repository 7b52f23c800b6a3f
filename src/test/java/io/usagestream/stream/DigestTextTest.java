package io.usagestream.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is digested piece by piece is what the whole text would be. */
class DigestTextTest {
    private static final List<String> TEXTS =
            List.of("", "a", "model=gpt-4o", "Übergröße", "日本", "🙂", "x".repeat(3000), "é" + "y".repeat(3000));

    @Test
    void piecesComeToWhatTheirTextComesTo() throws Exception {
        Random random = new Random(1);
        for (int round = 0; round < 2000; round++) {
            StringBuilder whole = new StringBuilder();
            DigestText pieces = DigestText.begin();
            for (int n = random.nextInt(6); n >= 0; n--) {
                String text = TEXTS.get(random.nextInt(TEXTS.size()));
                BigDecimal number = number(random);
                pieces.add(text).add('=').add(number);
                whole.append(text).append('=').append(Measure.plain(number).toPlainString());
            }
            assertThat(pieces.digest()).as("%s", whole).isEqualTo(sha256(whole.toString()));
        }
    }

    @Test
    void numbersAtTheEdgesOfALongAreWrittenOut() throws Exception {
        for (String text : List.of(
                "0",
                "-1",
                "10",
                "999999999999999999",
                "-999999999999999999",
                "1000000000000000000",
                "9223372036854775807",
                "-9223372036854775808",
                "99999999999999999999")) {
            assertThat(DigestText.begin().add(new BigDecimal(text)).digest()).isEqualTo(sha256(text));
        }
        assertThat(DigestText.begin().add(new BigDecimal("1E+3")).digest()).isEqualTo(sha256("1000"));
        assertThat(DigestText.begin().add(new BigDecimal("1.500")).digest()).isEqualTo(sha256("1.5"));
        assertThat(DigestText.begin().add(new BigDecimal("0E-6176")).digest()).isEqualTo(sha256("0"));
    }

    @Test
    void aLoneSurrogateHasNoDigestAndLeavesNothingBehind() throws Exception {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DigestText.begin().add("left over").add("a\ud800b"));
        assertThat(DigestText.begin().add("b").digest()).isEqualTo(sha256("b"));
    }

    private static BigDecimal number(Random random) {
        return new BigDecimal(new BigInteger(1 + random.nextInt(80), random), random.nextInt(19))
                .multiply(random.nextBoolean() ? BigDecimal.ONE : BigDecimal.ONE.negate());
    }

    private static Digest sha256(String text) throws Exception {
        ByteBuffer hash = ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        return new Digest(hash.getLong(), hash.getLong());
    }
}
