package io.usagestream.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.stream.Grain;
import io.usagestream.stream.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HorizonTest {
    private static final Instant T0 = Instant.parse("2026-11-19T00:00:00Z");
    private static final Duration LOOKBACK = Duration.ofHours(3);
    private static final Layout HOURS = new Layout.Buckets(Grain.HOUR, 24);

    private static Instant hour(int hour) {
        return T0.plus(Duration.ofHours(hour));
    }

    @Test
    void the_frontier_is_the_end_of_the_last_closed_bucket_that_was_read() {
        Horizon read = new Horizon(T0, T0).after(new Window(T0, hour(6)), hour(5).plusSeconds(60), LOOKBACK, HOURS);
        assertThat(read.frontier()).isEqualTo(hour(5));
        assertThat(read.watermark()).isEqualTo(hour(2));
    }

    @Test
    void a_read_beyond_a_gap_moves_nothing() {
        Horizon before = new Horizon(hour(2), hour(1));
        assertThat(before.after(new Window(hour(3), hour(6)), hour(9), LOOKBACK, HOURS))
                .isEqualTo(before);
    }

    @Test
    void after_an_outage_the_frontier_less_the_lookback_is_not_the_watermark() {
        Horizon before = new Horizon(hour(2), hour(0));
        Horizon hot = before.after(new Window(hour(2), hour(21)), hour(20), LOOKBACK, HOURS);
        assertThat(hot.frontier()).isEqualTo(hour(20));
        assertThat(hot.watermark())
                .as("what lies between was never read late enough")
                .isEqualTo(hour(0));
        Horizon settled = hot.after(new Window(hour(0), hour(21)), hour(20), LOOKBACK, HOURS);
        assertThat(settled.watermark()).isEqualTo(hour(17));
    }

    @Test
    void neither_ever_moves_back_and_the_watermark_never_passes_what_was_read_late_enough() {
        Random random = new Random(1);
        for (int run = 0; run < 500; run++) {
            Horizon horizon = new Horizon(T0, T0);
            Instant[] lastRead = new Instant[200];
            for (int step = 0; step < 40; step++) {
                int from = random.nextInt(60);
                Window read = new Window(hour(from), hour(from + 1 + random.nextInt(24)));
                Instant began = hour(random.nextInt(90)).plusSeconds(random.nextInt(3600));
                Horizon next = horizon.after(read, began, LOOKBACK, HOURS);
                for (int h = from; hour(h).isBefore(read.to()); h++) {
                    lastRead[h] = lastRead[h] == null || lastRead[h].isBefore(began) ? began : lastRead[h];
                }
                assertThat(next.frontier()).isAfterOrEqualTo(horizon.frontier());
                assertThat(next.watermark()).isAfterOrEqualTo(horizon.watermark());
                for (int h = 0; !hour(h + 1).isAfter(next.watermark()); h++) {
                    assertThat(lastRead[h])
                            .isNotNull()
                            .isAfterOrEqualTo(hour(h + 1).plus(LOOKBACK));
                }
                horizon = next;
            }
        }
    }
}
