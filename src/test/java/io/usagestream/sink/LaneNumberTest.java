package io.usagestream.sink;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LaneNumberTest {
    @Test
    void all_splits_of_a_source_are_in_its_lane() {
        for (int lanes : new int[] {1, 2, 7, 64}) {
            assertThat(LaneNumber.ofSplit("acme/costs", lanes)).isEqualTo(LaneNumber.of("acme", lanes));
            assertThat(LaneNumber.ofSplit("acme/usage/by-day", lanes)).isEqualTo(LaneNumber.of("acme", lanes));
        }
    }

    @Test
    void a_foreign_name_has_a_lane_too() {
        assertThat(LaneNumber.ofSplit("acme", 7)).isEqualTo(LaneNumber.of("acme", 7));
    }
}
