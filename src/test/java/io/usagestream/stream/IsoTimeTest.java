package io.usagestream.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IsoTimeTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-21T00:00:00Z",
                "2026-11-21T23:59:59Z",
                "1969-12-31T23:59:59Z",
                "2026-02-28T09:08:07.120Z",
                "2026-02-28T09:08:07.000000001Z",
                "0999-12-31T00:00:00Z",
                "9999-12-31T23:59:59Z",
                "+10000-01-01T00:00:00Z",
                "-0001-01-01T00:00:00Z"
            })
    void says_what_java_says(String text) {
        assertThat(IsoTime.of(Instant.parse(text))).isEqualTo(text);
    }

    @Test
    void says_what_java_says_of_any_second() {
        SplittableRandom random = new SplittableRandom(8);
        for (int i = 0; i < 100_000; i++) {
            Instant time = Instant.ofEpochSecond(random.nextLong(-40_000_000_000L, 400_000_000_000L));
            assertThat(IsoTime.of(time)).isEqualTo(time.toString());
        }
    }
}
