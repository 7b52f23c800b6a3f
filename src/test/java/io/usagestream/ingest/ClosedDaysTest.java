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
import io.usagestream.stream.Publication.PointRevision;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Window;
import io.usagestream.stream.WorkStatus;
import io.vertx.core.Future;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a day leaves behind that is closed: little, for two months are kept of every split, and nothing below the floor. */
class ClosedDaysTest {
    private static final Instant START = Instant.parse("2026-09-01T00:00:00Z");
    private static final int DAYS = 68;
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final ToldTime time = new ToldTime(START.plus(Duration.ofMinutes(30)));
    private final KeepingLane lane = new KeepingLane();
    private final Map<Instant, Long> restated = new HashMap<>();
    private final SplitMemory memory =
            SplitMemory.fresh(OneStream.source(START).streams().get(0), START);

    @Test
    void a_closed_day_has_one_segment_and_none_below_the_floor() {
        loop().start(Duration.ZERO);
        time.pass(Duration.ofDays(DAYS));
        LocalDate floor = Window.dayOf(memory.floor());
        assertThat(floor).isEqualTo(Window.dayOf(time.now()).minusDays(62));
        assertThat(lane.published(Period.class)).hasSizeGreaterThan(DAYS - 4);
        assertThat(memory.segments().before(floor)).isEmpty();
        assertThat(memory.seals().before(floor)).isEmpty();
        for (LocalDate day = floor; day.isBefore(memory.closedUntil()); day = day.plusDays(1)) {
            assertThat(memory.segments().of(day)).as(day.toString()).hasSizeBetween(1, 2);
            assertThat(memory.closed(day)).isTrue();
        }
        assertThat(lane.segments()).isLessThan(2 * 62 + 3 * 40);
    }

    @Test
    void what_is_restated_below_the_floor_is_compared_with_what_the_topics_hold() {
        SplitLoop loop = loop();
        loop.start(Duration.ZERO);
        time.pass(Duration.ofDays(DAYS));
        LocalDate day = Window.dayOf(START).plusDays(2);
        Instant hour = Window.startOf(day).plus(Duration.ofHours(7));

        loop.request("the same", Window.of(day));
        time.pass(MINUTE);
        assertThat(reason("the same")).isEmpty();
        assertThat(lane.published(Period.class))
                .filteredOn(period -> period.day().equals(day))
                .hasSize(1);

        restated.put(hour, 1_000L);
        loop.request("restated", Window.of(day));
        time.pass(MINUTE);
        assertThat(reason("restated")).isEmpty();
        assertThat(lane.published(Period.class))
                .filteredOn(period -> period.day().equals(day))
                .last()
                .satisfies(period -> {
                    assertThat(period.revision()).isEqualTo(2);
                    assertThat(period.deltas().get("input_tokens/tokens")).isEqualByComparingTo("993");
                });

        lane.forget(p -> p instanceof PointRevision && p.time().equals(hour));
        loop.request("forgotten", Window.of(day));
        time.pass(MINUTE);
        assertThat(reason("forgotten")).contains(Reason.EXPIRED);
        assertThat(lane.published(PointRevision.class))
                .as("published a second time")
                .extracting(PointRevision::start)
                .doesNotContain(hour);
    }

    private SplitLoop loop() {
        SourceContext source = OneStream.answering(START, START, window -> Future.succeededFuture(page(window)));
        return new SplitLoop(memory, source, lane, time, new Observer() {});
    }

    /** A row an hour, which grows as long as the hour lasts, a step every ten minutes. */
    private Page page(Window window) {
        List<Bucket> buckets = new ArrayList<>();
        for (Instant at = window.from(); at.isBefore(window.to()); at = at.plus(Duration.ofHours(1))) {
            Instant end = at.plus(Duration.ofHours(1));
            Duration age = Duration.between(at, time.now().isBefore(end) ? time.now() : end);
            List<Point> points = age.isNegative()
                    ? List.of()
                    : List.of(point(at, restated.getOrDefault(at, 1 + age.toMinutes() / 10)));
            buckets.add(new Bucket(at, end, points, List.of()));
        }
        return new Page.Buckets(Optional.empty(), Grain.HOUR, buckets, List.of(), false, Optional.empty(), false);
    }

    private Optional<Reason> reason(String request) {
        List<WorkStatus> said = lane.statuses().stream()
                .filter(status -> status.id().equals(request))
                .toList();
        assertThat(said).as(request).isNotEmpty();
        return said.get(said.size() - 1).reason();
    }

    private static Point point(Instant at, long tokens) {
        return new Point(
                at,
                Grain.HOUR,
                ByName.of("project_id", Optional.of("one")),
                Measures.of("input_tokens", Measure.of(BigDecimal.valueOf(tokens), "tokens")));
    }
}
