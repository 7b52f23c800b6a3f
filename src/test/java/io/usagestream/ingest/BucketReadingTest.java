package io.usagestream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.usagestream.plan.BucketSweep;
import io.usagestream.plan.Budget;
import io.usagestream.plan.Gate;
import io.usagestream.plan.Layout;
import io.usagestream.source.Failure;
import io.usagestream.source.Upstream;
import io.usagestream.source.UpstreamException;
import io.usagestream.stream.Bucket;
import io.usagestream.stream.Grain;
import io.usagestream.stream.Page;
import io.usagestream.stream.PageRequest;
import io.usagestream.stream.Reason;
import io.usagestream.stream.Window;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Three parts of four hours, from an upstream whose answers arrive and are decoded when the test says so. */
class BucketReadingTest {
    private static final Instant T0 = Instant.parse("2026-11-19T00:00:00Z");
    private static final Duration MOMENT = Duration.ofMillis(10);

    private final ToldTime time = new ToldTime(T0.plus(Duration.ofDays(1)));
    private final List<Asked> asked = new ArrayList<>();
    private final Future<Complete> read = reading().begin();
    private int arrived;

    private record Asked(PageRequest.Buckets request, Runnable arrived, Promise<Page> page) {}

    @Test
    void the_next_part_is_asked_for_when_an_answer_has_arrived_and_not_before() {
        assertThat(parts()).containsExactly(0);
        arrives(0);
        assertThat(parts()).containsExactly(0, 4);
        arrives(1); // while the first is still decoded: two undecoded answers are enough
        assertThat(parts()).containsExactly(0, 4);
        decoded(0);
        assertThat(parts()).containsExactly(0, 4, 8);
        decoded(1);
        assertThat(arrived).isZero();
        arrives(2);
        assertThat(arrived).isEqualTo(1);
        decoded(2);
        assertThat(parts()).containsExactly(0, 4, 8);
        assertThat(((Complete.Buckets) read.result()).sweep().buckets()).hasSize(12);
    }

    @Test
    void small_answers_are_asked_for_one_after_the_other() {
        for (int part = 0; part < 3; part++) {
            assertThat(asked).hasSize(part + 1);
            decoded(part);
        }
        assertThat(read.succeeded()).isTrue();
    }

    @Test
    void what_a_page_leaves_to_its_cursor_comes_before_the_part_that_was_asked_for_meanwhile() {
        arrives(0);
        page(0, true, 0, 1);
        assertThat(asked).hasSize(2); // one at a time while upstream answers quickly
        arrives(1);
        assertThat(asked.get(2).request().cursor()).contains("more");
        decoded(1);
        assertThat(parts()).containsExactly(0, 4, 0);
        page(2, false, 2, 3);
        assertThat(parts()).containsExactly(0, 4, 0, 8);
        decoded(3);
        assertThat(((Complete.Buckets) read.result()).sweep().buckets()).hasSize(12);
    }

    @Test
    void a_request_that_is_bad_only_with_its_cursor_is_sent_again_without_one_from_where_its_page_ended() {
        page(0, true, 0, 1);
        fail(1, new Failure.Rejected(Reason.BAD_REQUEST, "this page token has expired", Optional.empty()));
        assertThat(asked.get(2).request().cursor()).isEmpty();
        assertThat(asked.get(2).request().window())
                .isEqualTo(new Window(T0.plus(Duration.ofHours(2)), T0.plus(Duration.ofHours(4))));
        fail(2, new Failure.Rejected(Reason.BAD_REQUEST, "no such dimension", Optional.empty()));
        assertThat(read.cause()).isInstanceOfSatisfying(ReadFailure.class, failure -> {
            assertThat(failure.severity()).isEqualTo(ReadFailure.Severity.HALT_STREAM);
            assertThat(failure).hasMessage("no such dimension");
        });
    }

    @Test
    void a_cursor_behind_a_key_that_was_refused_is_not_the_culprit() {
        page(0, true, 0, 1);
        fail(1, new Failure.Rejected(Reason.FORBIDDEN, "missing scope", Optional.empty()));
        assertThat(read.cause())
                .isInstanceOfSatisfying(
                        ReadFailure.class,
                        failure -> assertThat(failure.severity()).isEqualTo(ReadFailure.Severity.HALT_SOURCE));
    }

    @Test
    void nothing_more_is_sent_once_a_part_could_not_be_read() {
        arrives(0);
        fail(1, new Failure.Malformed(Reason.MALFORMED_JSON, "{"));
        fail(0, new Failure.TooLarge(Reason.BODY_TOO_LARGE, "too large"));
        time.pass(Duration.ofMinutes(10));
        assertThat(read.failed()).isTrue();
        assertThat(parts()).containsExactly(0, 4);
    }

    private BucketReading reading() {
        Window window = new Window(T0, T0.plus(Duration.ofHours(12)));
        SourceContext source =
                new SourceContext(OneStream.source(T0), new Told(), new Gate(new Budget(6_000, time.now())));
        BucketSweep sweep = new BucketSweep(window, new Layout.Buckets(Grain.HOUR, 4), 4, Optional.empty(), time.now());
        return new BucketReading(
                OneStream.SPLIT, new PageReader(source, time, new Observer() {}), sweep, false, () -> arrived++);
    }

    /** The hours in which the parts begin that were asked for. */
    private List<Integer> parts() {
        return asked.stream()
                .map(a ->
                        (int) Duration.between(T0, a.request().window().from()).toHours())
                .toList();
    }

    private void arrives(int request) {
        asked.get(request).arrived().run();
        time.pass(MOMENT);
    }

    /** All hours of its part. */
    private void decoded(int request) {
        int first = parts().get(request);
        page(request, false, first, first + 1, first + 2, first + 3);
    }

    private void page(int request, boolean more, int... hours) {
        List<Bucket> buckets = new ArrayList<>();
        for (int hour : hours) {
            Instant start = T0.plus(Duration.ofHours(hour));
            buckets.add(new Bucket(start, start.plus(Duration.ofHours(1)), List.of(), List.of()));
        }
        Optional<String> cursor = more ? Optional.of("more") : Optional.empty();
        asked.get(request)
                .page()
                .complete(new Page.Buckets(Optional.empty(), Grain.HOUR, buckets, List.of(), more, cursor, false));
        time.pass(MOMENT);
    }

    private void fail(int request, Failure failure) {
        asked.get(request).page().fail(new UpstreamException(failure));
        time.pass(MOMENT);
    }

    private final class Told implements Upstream {
        @Override
        public Future<Page> read(PageRequest request, Runnable arrived) {
            Promise<Page> page = Promise.promise();
            asked.add(new Asked((PageRequest.Buckets) request, arrived, page));
            return page.future();
        }

        @Override
        public Future<Void> close() {
            return Future.succeededFuture();
        }
    }
}
