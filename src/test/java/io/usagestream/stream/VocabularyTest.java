package io.usagestream.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class VocabularyTest {
    private static final Split SPLIT = new Split("openai", "acme", "completions");

    @Test
    void the_identity_of_an_event_is_hashed_as_the_contract_says() {
        Event event = event(Instant.parse("2026-11-19T00:00:00.000Z"), "p1", "edge", Optional.empty());
        assertThat(Identity.text(event)).isEqualTo("5:asset20:2026-11-19T00:00:00Z2:p14:edge------");
        assertThat(Digest.of(Identity.text(event)).hex()).isEqualTo("787311494a3c1514305d58c568967a60");
        assertThat(Ids.event(new Split("scenario", "studio", "activity"), Digest.of(Identity.text(event)), 2))
                .isEqualTo("scenario/studio/activity/787311494a3c1514305d58c568967a60/2");
    }

    @Test
    void an_identity_can_be_read_back_whatever_its_texts_are() {
        Random random = new Random(1);
        for (int i = 0; i < 2_000; i++) {
            Instant time = Instant.ofEpochSecond(random.nextInt(2_000_000_000), random.nextInt(3) * 123_000_000L);
            Event event = event(time, text(random), text(random), Optional.of(text(random)));
            assertThat(Identity.parse(Identity.text(event))).isEqualTo(event);
        }
    }

    @Test
    void the_id_of_a_point_is_readable_and_tells_null_from_empty() {
        ByName.Builder<Optional<String>> dimensions = new ByName.Builder<>();
        dimensions.put("model", Optional.of("gpt 5/ü&=?"));
        dimensions.put("api_key_id", Optional.empty());
        dimensions.put("batch", Optional.of("true"));
        dimensions.put("user_id", Optional.of(""));
        Point point =
                new Point(Instant.parse("2026-11-19T10:00:00Z"), Grain.HOUR, dimensions.build(), Measures.empty());
        assertThat(Ids.point(SPLIT, point))
                .isEqualTo("openai/acme/completions/1h/2026-11-19T10:00:00Z"
                        + "?api_key_id&batch=true&model=gpt%205%2F%C3%BC%26%3D%3F&user_id=");
        Point bare = new Point(Instant.parse("2026-11-19T10:00:00Z"), Grain.DAY, ByName.empty(), Measures.empty());
        assertThat(Ids.point(SPLIT, bare)).isEqualTo("openai/acme/completions/1d/2026-11-19T10:00:00Z");
    }

    @Test
    void what_an_id_says_can_be_read_back_whatever_its_texts_are() {
        Random random = new Random(2);
        for (int i = 0; i < 2_000; i++) {
            ByName.Builder<Optional<String>> dimensions = new ByName.Builder<>();
            for (int n = random.nextInt(4); n > 0; n--) {
                dimensions.put("d" + n, random.nextInt(4) == 0 ? Optional.empty() : Optional.of(text(random)));
            }
            Instant start = Grain.HOUR.floor(Instant.ofEpochSecond(random.nextInt(2_000_000_000)));
            Ids.PointName name = Ids.parsePoint(
                    Ids.point(SPLIT, new Point(start, Grain.HOUR, dimensions.build(), Measures.empty())));
            assertThat(name).isEqualTo(new Ids.PointName(start, Grain.HOUR, dimensions.build()));
        }
    }

    @Test
    void lone_surrogates_are_refused_before_they_all_become_one() {
        assertThatThrownBy(() -> Digest.of("a\ud800")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void digests_are_added_and_taken_away_modulo_two_to_the_128() {
        Random random = new Random(3);
        BigInteger modulus = BigInteger.ONE.shiftLeft(128);
        for (int i = 0; i < 10_000; i++) {
            Digest a = new Digest(random.nextLong(), random.nextInt(4) == 0 ? -1 : random.nextLong());
            Digest b = new Digest(random.nextLong(), random.nextLong());
            assertThat(number(a.plus(b))).isEqualTo(number(a).add(number(b)).mod(modulus));
            assertThat(number(a.minus(b)))
                    .isEqualTo(number(a).subtract(number(b)).mod(modulus));
            assertThat(Digest.ofHex(a.hex())).isEqualTo(a);
        }
    }

    @Test
    void numbers_are_exact_to_eighteen_decimals_and_keep_their_text_beyond() {
        assertThat(Measure.of(new BigDecimal("0E-6176"), "usd"))
                .isEqualTo(new Measure(BigDecimal.ZERO, "usd", Optional.empty()));
        assertThat(Measure.of(new BigDecimal("1E+3"), "usd").value()).isEqualTo(new BigDecimal("1000"));
        assertThat(Measure.of(new BigDecimal("1.500"), "usd").value()).isEqualTo(new BigDecimal("1.5"));
        String fine = "0.123456789012345678500000000000000001";
        assertThat(Measure.of(new BigDecimal(fine), "usd"))
                .isEqualTo(new Measure(new BigDecimal("0.123456789012345679"), "usd", Optional.of(fine)));
        assertThat(Measure.of(new BigDecimal("0.1234567890123456785"), "usd").value())
                .as("half to even")
                .isEqualTo(new BigDecimal("0.123456789012345678"));
        assertThat(Measure.of(new BigDecimal("99999999999999999999"), "usd")
                        .value()
                        .precision())
                .isEqualTo(20);
        assertThatThrownBy(() -> Measure.of(new BigDecimal("100000000000000000000"), "usd"))
                .isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> Measure.of(new BigDecimal("99999999999999999999.9999999999999999999"), "usd"))
                .as("rounded up to a digit more")
                .isInstanceOf(ArithmeticException.class);
    }

    @Test
    void weeks_begin_on_mondays() {
        assertThat(Grain.WEEK.floor(Instant.parse("2026-11-22T23:59:59Z"))).isEqualTo("2026-11-16T00:00:00Z");
        assertThat(Grain.WEEK.ceil(Instant.parse("2026-11-16T00:00:00Z"))).isEqualTo("2026-11-16T00:00:00Z");
        assertThat(Grain.HOUR.floor(Instant.parse("1969-12-31T23:30:00Z"))).isEqualTo("1969-12-31T23:00:00Z");
    }

    private static BigInteger number(Digest digest) {
        return new BigInteger(digest.hex(), 16);
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(6); n > 0; n--) {
            text.appendCodePoint(
                    switch (random.nextInt(4)) {
                        case 0 -> 'a' + random.nextInt(26);
                        case 1 -> random.nextInt(128);
                        case 2 -> 0x80 + random.nextInt(0xd800 - 0x80);
                        default -> 0x10000 + random.nextInt(0x10000);
                    });
        }
        return text.toString();
    }

    private static Event event(Instant time, String project, String user, Optional<String> asset) {
        return Events.event(time, project, user, asset, Optional.empty());
    }
}
