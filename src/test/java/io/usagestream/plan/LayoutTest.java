package io.usagestream.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.stream.Grain;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LayoutTest {
    private static final Instant TIME = Instant.parse("2026-11-20T12:34:56.789Z");

    /** A page of buckets and a slice of a log are far longer: what lies between would not be read. */
    @Test
    void the_next_place_for_a_window_is_the_next_bucket_or_second_and_not_the_next_page() {
        Layout hours = new Layout.Buckets(Grain.HOUR, 168);
        Layout series = new Layout.Series(Grain.DAY, Grain.HOUR);
        Layout log = new Layout.Log(Duration.ofSeconds(30), Duration.ofDays(1));
        assertThat(hours.ceil(TIME)).isEqualTo(Instant.parse("2026-11-20T13:00:00Z"));
        assertThat(series.ceil(TIME)).isEqualTo(Instant.parse("2026-11-21T00:00:00Z"));
        assertThat(log.ceil(TIME)).isEqualTo(Instant.parse("2026-11-20T12:34:57Z"));
    }

    @Test
    void a_place_for_a_window_is_its_own_next() {
        Instant hour = Instant.parse("2026-11-20T12:00:00Z");
        assertThat(new Layout.Buckets(Grain.HOUR, 168).ceil(hour)).isEqualTo(hour);
        assertThat(new Layout.Log(Duration.ZERO, Duration.ofDays(1)).ceil(hour)).isEqualTo(hour);
    }
}
