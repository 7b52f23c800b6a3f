package io.usagestream.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class Utf8Test {
    @Test
    void equal_texts_are_equal_wherever_their_parts_meet() {
        Utf8 whole = Utf8.of("openai/acme?model=ü");
        Utf8 parts = Utf8.of("openai/acme".getBytes(UTF_8), "?model=ü".getBytes(UTF_8));
        assertThat(parts).isEqualTo(whole).hasSameHashCodeAs(whole).hasToString("openai/acme?model=ü");
        assertThat(parts.length()).isEqualTo(20);
        assertThat(Utf8.of("openai/acme?model=u")).isNotEqualTo(whole);
    }

    @Test
    void its_bytes_are_the_texts() {
        for (String text : new String[] {"", "a", "ü", "\uD83D\uDE00 and more"}) {
            byte[] bytes = text.getBytes(UTF_8);
            byte[] copy = new byte[bytes.length + 2];
            Utf8.of(text).copy(copy, 1);
            assertThat(Utf8.of(text).length()).isEqualTo(bytes.length);
            assertThat(Arrays.copyOfRange(copy, 1, copy.length - 1)).isEqualTo(bytes);
            assertThat(DigestText.begin().add(Utf8.of(text)).digest()).isEqualTo(Digest.of(text));
        }
    }

    @Test
    void a_lone_surrogate_has_no_bytes() {
        assertThatThrownBy(() -> Utf8.of("a\uD800")).isInstanceOf(IllegalArgumentException.class);
    }
}
