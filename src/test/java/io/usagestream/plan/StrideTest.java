package io.usagestream.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StrideTest {
    private static final Duration QUICK = Duration.ofMillis(20);
    private final Stride stride = new Stride(Duration.ofHours(6));

    @Test
    void small_pages_that_come_quickly_go_together() {
        for (int expected : new int[] {2, 4, 4}) {
            stride.took(QUICK, 186);
            assertThat(stride.together()).isEqualTo(expected);
        }
    }

    @Test
    void but_not_more_than_a_transaction_needs() {
        for (int i = 0; i < 10; i++) {
            stride.took(QUICK, 930 * stride.together());
        }
        assertThat(stride.together()).isEqualTo(2);
    }

    @Test
    void and_a_slow_upstream_is_read_page_by_page() {
        for (int i = 0; i < 10; i++) {
            stride.took(Duration.ofMillis(30).multipliedBy(stride.together()), 100);
        }
        assertThat(stride.together()).isEqualTo(4);
        for (int i = 0; i < 10; i++) {
            stride.took(Duration.ofMillis(500).multipliedBy(stride.together()), 100);
        }
        assertThat(stride.together()).isEqualTo(1);
    }

    @Test
    void a_slice_is_never_shorter_than_a_second() {
        stride.overflowed(Duration.ofSeconds(3), Duration.ZERO);
        assertThat(stride.slice()).isEqualTo(Duration.ofSeconds(1));
    }
}
