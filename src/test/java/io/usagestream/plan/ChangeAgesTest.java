package io.usagestream.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChangeAgesTest {
    private final ChangeAges ages = new ChangeAges(List.of());

    private void add(int changes, Duration age) {
        for (int i = 0; i < changes; i++) {
            ages.add(age);
        }
    }

    @Test
    void without_changes_there_is_no_age() {
        assertThat(ages.p999()).isEmpty();
    }

    @Test
    void one_late_change_in_a_thousand_does_not_count_and_two_do() {
        add(999, Duration.ofSeconds(10));
        add(1, Duration.ofHours(10));
        assertThat(ages.p999()).contains(Duration.ofSeconds(16));

        add(1, Duration.ofHours(10));
        assertThat(ages.p999()).contains(Duration.ofSeconds(65_536));
    }

    @Test
    void what_is_stored_says_the_same_and_goes_on() {
        add(999, Duration.ofMinutes(3));
        ChangeAges restored = new ChangeAges(ages.stored());

        assertThat(restored.p999()).contains(Duration.ofSeconds(256));
        restored.add(Duration.ofDays(400));
        restored.add(Duration.ofDays(400));
        assertThat(restored.p999()).contains(Duration.ofSeconds(1L << 26));
    }

    @Test
    void an_age_below_zero_is_none_and_one_beyond_all_is_the_last() {
        add(1, Duration.ofSeconds(-5));
        assertThat(ages.p999()).contains(Duration.ofSeconds(1));

        add(1, Duration.ofDays(365L * 1_000));
        assertThat(ages.p999()).contains(Duration.ofSeconds(1L << 31));
    }
}
