package io.usagestream.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.usagestream.stream.Reason;
import io.usagestream.stream.Split;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CatchUpTest {
    private static final Instant SINCE = Instant.parse("2026-11-21T12:00:00Z");
    private static final Split FIRST = new Split("openai", "acme", "completions");
    private static final Split SECOND = new Split("openai", "acme", "costs");

    private final CatchUp catchUp = new CatchUp(List.of(FIRST, SECOND), SINCE);

    @Test
    void is_done_when_every_split_is_through_or_given_up() {
        catchUp.caughtUp(FIRST, SINCE);
        assertThat(catchUp.done().isComplete()).isFalse();
        catchUp.gaveUp(SECOND, Reason.FORBIDDEN, "no");
        assertThat(catchUp.done().result())
                .containsEntry(FIRST.name(), Optional.empty())
                .containsEntry(SECOND.name(), Optional.of(Reason.FORBIDDEN));
    }

    @Test
    void a_sweep_that_began_before_does_not_count() {
        catchUp.caughtUp(FIRST, SINCE.minusMillis(1));
        catchUp.caughtUp(SECOND, SINCE);
        assertThat(catchUp.done().isComplete()).isFalse();
    }

    @Test
    void who_was_given_up_and_comes_through_after_all_is_through() {
        catchUp.gaveUp(FIRST, Reason.SERVER_ERROR, "no");
        catchUp.caughtUp(FIRST, SINCE);
        catchUp.caughtUp(SECOND, SINCE);
        assertThat(catchUp.done().result()).containsEntry(FIRST.name(), Optional.empty());
    }

    @Test
    void nothing_to_wait_for_is_done() {
        assertThat(new CatchUp(List.of(), SINCE).done().result()).isEmpty();
    }

    /** It hears of every commit for as long as the process lives: with thirty thousand splits a look at all of them held the loops up. */
    @Test
    void news_of_one_split_among_many_costs_next_to_nothing() {
        List<Split> many = IntStream.range(0, 30_000)
                .mapToObj(i -> new Split("openai", "account" + i, "costs"))
                .toList();
        CatchUp ofMany = new CatchUp(many, SINCE);
        assertTimeout(Duration.ofSeconds(5), () -> {
            for (int round = 0; round < 10; round++) {
                many.forEach(split -> ofMany.caughtUp(split, SINCE));
            }
        });
        assertThat(ofMany.done().result()).hasSize(many.size());
    }
}
