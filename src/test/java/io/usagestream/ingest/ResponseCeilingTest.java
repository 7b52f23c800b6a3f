package io.usagestream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.plan.Budget;
import io.usagestream.plan.Gate;
import io.usagestream.source.Failure;
import io.usagestream.source.SourceSettings;
import io.usagestream.source.Upstream;
import io.usagestream.source.UpstreamException;
import io.usagestream.stream.Page;
import io.usagestream.stream.PageRequest;
import io.usagestream.stream.Reason;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** An upstream that answers what is too large for it with 502, as an API gateway does that stands before it. */
class ResponseCeilingTest {
    private static final Instant NOW = Instant.parse("2026-09-10T00:30:00Z");
    private static final Instant START = Instant.parse("2026-09-01T00:00:00Z");

    private final ToldTime time = new ToldTime(NOW);
    private final List<PageRequest.Buckets> asked = new ArrayList<>();
    private Predicate<PageRequest.Buckets> fails = request -> false;

    @Test
    void a_series_that_is_too_large_with_its_zeros_is_read_without_them() {
        fails = request -> request.limit() == PageRequest.Buckets.WHOLE_SERIES;
        SplitMemory memory = start(OneStream.series(START));
        time.pass(Duration.ofHours(2));
        assertThat(memory.horizon().frontier()).isEqualTo(Instant.parse("2026-09-10T02:00:00Z"));
        asked.clear();
        time.pass(Duration.ofHours(2));
        assertThat(asked)
                .isNotEmpty()
                .allSatisfy(request -> assertThat(request.limit()).isEqualTo(PageRequest.Buckets.SERIES_WITHOUT_ZEROS));
    }

    @Test
    void pages_that_are_too_large_are_asked_for_with_fewer_buckets() {
        fails = request -> request.limit() > 50;
        SplitMemory memory = start(OneStream.source(START));
        time.pass(Duration.ofHours(2));
        assertThat(memory.horizon().frontier()).isEqualTo(Instant.parse("2026-09-10T02:00:00Z"));
    }

    @Test
    void after_an_outage_as_much_is_asked_for_as_before() {
        fails = request -> time.now().isBefore(NOW.plus(Duration.ofHours(1)));
        SplitMemory memory = start(OneStream.source(START));
        time.pass(Duration.ofHours(3));
        assertThat(memory.horizon().frontier()).isEqualTo(Instant.parse("2026-09-10T03:00:00Z"));
        assertThat(asked).extracting(PageRequest.Buckets::limit).contains(84).allMatch(limit -> limit >= 21);
        asked.clear();
        time.pass(Duration.ofHours(2));
        assertThat(asked)
                .isNotEmpty()
                .allSatisfy(request -> assertThat(request.limit()).isEqualTo(168));
    }

    private SplitMemory start(SourceSettings settings) {
        Upstream upstream = new Upstream() {
            @Override
            public Future<Page> read(PageRequest request, Runnable arrived) {
                PageRequest.Buckets buckets = (PageRequest.Buckets) request;
                asked.add(buckets);
                return fails.test(buckets)
                        ? Future.failedFuture(new UpstreamException(
                                new Failure.Unavailable(Reason.SERVER_ERROR, "502", true, Optional.empty())))
                        : Future.succeededFuture(OneStream.empty(buckets.window()));
            }

            @Override
            public Future<Void> close() {
                return Future.succeededFuture();
            }
        };
        SplitMemory memory = SplitMemory.fresh(settings.streams().get(0), NOW);
        SourceContext source = new SourceContext(settings, upstream, new Gate(new Budget(6_000, NOW)));
        new SplitLoop(memory, source, new KeepingLane(), time, new Observer() {}).start(Duration.ZERO);
        return memory;
    }
}
