package io.usagestream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.plan.Budget;
import io.usagestream.plan.Gate;
import io.usagestream.source.Failure;
import io.usagestream.source.Provider;
import io.usagestream.source.SourceSettings;
import io.usagestream.source.StreamType;
import io.usagestream.source.Upstream;
import io.usagestream.source.UpstreamException;
import io.usagestream.stream.Page;
import io.usagestream.stream.PageRequest;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Window;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** An upstream that answers what is too large for it with 502, as an API gateway does that stands before it. */
class ResponseCeilingTest {
    private static final Instant NOW = Instant.parse("2026-09-10T00:30:00Z");
    private static final Instant START = Instant.parse("2026-09-01T00:00:00Z");

    private final ToldTime time = new ToldTime(NOW);
    private final List<PageRequest.Buckets> asked = new ArrayList<>();
    private Predicate<PageRequest.Buckets> fails = request -> false;
    private boolean retry = true;

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

    @Test
    void a_fresh_reading_of_such_a_series_is_without_its_zeros_too() {
        fails = request -> request.limit() == PageRequest.Buckets.WHOLE_SERIES;
        retry = false; // else it takes the seconds that pass between tries
        SourceSettings settings = OneStream.series(START);
        Vertx vertx = Vertx.vertx();
        try {
            FreshReading reading = new FreshReading(
                    vertx, new Opening(new Failing()), settings, InstantSource.fixed(NOW), new Random(1));
            Window day = Window.of(Window.dayOf(START));
            List<Complete> read = reading.read(settings.streams().get(0), day).await(30, TimeUnit.SECONDS);
            assertThat(read).hasSize(1);
        } catch (TimeoutException e) {
            throw new AssertionError(e);
        } finally {
            vertx.close().await();
        }
    }

    private final class Failing implements Upstream {
        @Override
        public Future<Page> read(PageRequest request, Runnable arrived) {
            PageRequest.Buckets buckets = (PageRequest.Buckets) request;
            asked.add(buckets);
            return fails.test(buckets)
                    ? Future.failedFuture(new UpstreamException(
                            new Failure.Unavailable(Reason.SERVER_ERROR, "502", retry, Optional.empty())))
                    : Future.succeededFuture(OneStream.empty(buckets.window()));
        }

        @Override
        public Future<Void> close() {
            return Future.succeededFuture();
        }
    }

    /** Opens that upstream, and knows nothing else. */
    private record Opening(Upstream upstream) implements Provider {
        @Override
        public String name() {
            return "openai";
        }

        @Override
        public List<StreamType> streams() {
            return List.of();
        }

        @Override
        public Optional<StreamType> custom(String name, String path) {
            return Optional.empty();
        }

        @Override
        public SortedMap<String, String> credentials() {
            return new TreeMap<>();
        }

        @Override
        public String defaultBaseUrl() {
            return "";
        }

        @Override
        public Upstream open(Vertx vertx, SourceSettings settings) {
            return upstream;
        }
    }

    private SplitMemory start(SourceSettings settings) {
        SplitMemory memory = SplitMemory.fresh(settings.streams().get(0), NOW);
        SourceContext source = new SourceContext(settings, new Failing(), new Gate(new Budget(6_000, NOW)));
        new SplitLoop(memory, source, new KeepingLane(), time, new Observer() {}).start(Duration.ZERO);
        return memory;
    }
}
