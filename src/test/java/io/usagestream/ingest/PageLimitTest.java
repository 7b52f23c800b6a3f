package io.usagestream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a page asks for, after answers and errors. */
class PageLimitTest {
    private static final int MOST = 168;

    private final PageLimit limit = new PageLimit(MOST);

    @Test
    void less_is_kept_once_it_has_helped_twice_in_a_row() {
        answer(50);
        assertThat(limit.now()).isEqualTo(84);
        answer(50);
        assertThat(limit.now()).isEqualTo(42);
        answer(50);
        assertThat(limit.now()).as("helped once").isEqualTo(MOST);
        for (int window = 0; window < 10; window++) {
            answer(50);
        }
        assertThat(limit.now()).isEqualTo(42);
    }

    @Test
    void an_upstream_that_is_well_again_after_errors_now_and_then_is_asked_for_all() {
        Random chance = new Random(7);
        for (int window = 0; window < 2_000; window++) {
            answer(chance.nextInt(3) == 0 ? 0 : MOST);
        }
        assertThat(limit.now()).as("as if it were too much").isLessThan(MOST);
        for (int window = 0; window < 8 * PageLimit.AGAIN + 100; window++) {
            answer(MOST);
        }
        assertThat(limit.now()).isEqualTo(MOST);
    }

    @Test
    void what_is_too_much_is_tried_again_seldom() {
        int failures = 0;
        for (int window = 0; window < 10 * PageLimit.AGAIN; window++) {
            failures += answer(50) ? 0 : 1;
        }
        assertThat(failures).isBetween(10, 15);
    }

    @Test
    void what_upstream_calls_too_large_is_not_asked_for_again() {
        assertThat(limit.tooLarge()).isTrue();
        for (int window = 0; window < 2 * PageLimit.AGAIN; window++) {
            answer(MOST);
            assertThat(limit.now()).isEqualTo(84);
        }
    }

    /** One window: an upstream that takes so many buckets. @return whether it was read */
    private boolean answer(int takes) {
        int asked = limit.now();
        if (asked <= takes) {
            limit.read(asked);
            return true;
        }
        limit.failed(asked);
        return false;
    }
}
