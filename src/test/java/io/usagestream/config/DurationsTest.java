package io.usagestream.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
    @ParameterizedTest
    @CsvSource({
        "30s,PT30S",
        "5m,PT5M",
        "48h,PT48H",
        "7d,PT168H",
        "2w,PT336H",
        "500ms,PT0.5S",
        "1h30m,PT1H30M",
        "PT90S,PT90S",
        "P2D,PT48H",
        "0d,PT0S"
    })
    void lengthsAreReadAsPeopleWriteThem(String text, Duration expected) {
        assertThat(Durations.parse(text)).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "-5s", "5 s", "5y", "1.5h", "PT-5S", "s", "99999999999s"})
    void everythingElseIsNoLength(String text) {
        assertThat(Durations.parse(text)).isEmpty();
    }

    @Test
    void lengthsAreWrittenShort() {
        assertThat(Durations.text(Duration.ofHours(48))).isEqualTo("2d");
        assertThat(Durations.text(Duration.ofSeconds(90))).isEqualTo("90s");
        assertThat(Durations.text(Duration.ofMillis(1500))).isEqualTo("1500ms");
        assertThat(Durations.text(Duration.ZERO)).isEqualTo("0s");
    }
}
