package io.usagestream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.stream.Bucket;
import io.usagestream.stream.ByName;
import io.usagestream.stream.Grain;
import io.usagestream.stream.Measure;
import io.usagestream.stream.Measures;
import io.usagestream.stream.Page;
import io.usagestream.stream.Point;
import io.usagestream.stream.Publication.Period;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Split;
import io.usagestream.stream.Window;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Series of an account that does nothing for days: what holds no series tells no granularity, and is read all the same. */
class QuietSeriesTest {
    private static final Instant START = Instant.parse("2026-09-01T00:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);

    private final ToldTime time = new ToldTime(START.plus(Duration.ofMinutes(30)));
    private final KeepingLane lane = new KeepingLane();
    private final List<String> failures = new ArrayList<>();
    private final SplitMemory memory =
            SplitMemory.fresh(OneStream.series(START).streams().get(0), START);
    private final Window busy = new Window(START.plus(DAY.multipliedBy(4)), START.plus(DAY.multipliedBy(5)));
    private int gaps;

    @Test
    void days_without_any_series_are_read_and_closed_and_pin_no_granularity() {
        loop().start(Duration.ZERO);
        time.pass(DAY.multipliedBy(4).minus(Duration.ofHours(1)));
        assertThat(memory.granularity()).isEmpty();
        assertThat(memory.horizon().frontier()).isEqualTo(START.plus(DAY.multipliedBy(3)));

        time.pass(Duration.ofHours(3));
        assertThat(memory.granularity()).contains(Grain.HOUR);
        assertThat(memory.horizon().frontier())
                .isEqualTo(START.plus(DAY.multipliedBy(4)).plus(Duration.ofHours(2)));

        time.pass(DAY.multipliedBy(4));
        assertThat(lane.published(Period.class)).extracting(Period::rows).startsWith(0L, 0L, 0L, 0L, 24L);
        assertThat(failures).isEmpty();
        assertThat(gaps).isZero();
    }

    private SplitLoop loop() {
        SourceContext source = OneStream.answering(START, START, window -> Future.succeededFuture(page(window)));
        return new SplitLoop(memory, source, lane, time, new Watching());
    }

    /** Hours of the busy day, those to come without a row; of any other day nothing. */
    private Page page(Window window) {
        List<Bucket> buckets = new ArrayList<>();
        if (busy.from().equals(window.from())) {
            for (int hour = 0; hour < 24; hour++) {
                Instant at = window.from().plus(Duration.ofHours(hour));
                List<Point> rows = at.isAfter(time.now()) ? List.of() : List.of(point(at));
                buckets.add(new Bucket(at, at.plus(Duration.ofHours(1)), rows, List.of()));
            }
        }
        Grain grain = buckets.isEmpty() ? Grain.DAY : Grain.HOUR;
        return new Page.Buckets(Optional.empty(), grain, buckets, List.of(), false, Optional.empty(), false);
    }

    private static Point point(Instant at) {
        return new Point(
                at,
                Grain.HOUR,
                ByName.of("usage_name", Optional.of("captioning")),
                Measures.of("value", Measure.of(1, "usage")));
    }

    private final class Watching implements Observer {
        @Override
        public void windowFailed(Split split, Reason reason, String message) {
            failures.add(reason + ": " + message);
        }

        @Override
        public void gaps(Split split, int buckets) {
            gaps += buckets;
        }
    }
}
